"""Learning from end to end: audit folders and labels in, a model out, audits by it; refused where nothing is learnt."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from chataudit.cli import main
from chataudit.errors import Faults
from chataudit.learn import model as model_file
from chataudit.learn.model import read

BAD = ("灯一直闪", "包装破了口", "颜色发错")
GOOD = ("好看极了", "用着顺手", "送得真快")
TALKS = 150


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def write_shop(folder: Path, *, seed: int, buyers: int = TALKS) -> dict[str, float]:
    """Write a shop's talk in which what goes badly is said in words that no sign knows; return the labels."""
    draw = random.Random(seed)
    folder.mkdir()
    labels = {}
    with (folder / "chats.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["session_id", "buyer", "agent", "sender", "text"])
        for number in range(TALKS):
            name, bad = f"t{number:03d}", draw.random() < 0.4
            labels[name] = -1.0 if bad else draw.choice([0.5, 1.0])
            buyer = f"客人{number % buyers}号"
            said = draw.choice(BAD if bad else GOOD)
            for sender, text in (("buyer", "你好，问一下"), ("agent", "在的"), ("buyer", f"我{said}，我叫{buyer}")):
                rows.writerow([name, buyer, "小雨", sender, text])
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["session_id", "label"])
        table.writerows(labels.items())
    return labels


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learn") / "shop"
    write_shop(folder, seed=1)
    assert run("audit", folder / "chats.csv", "--out", folder / "audit").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def model(shop: Path) -> Path:
    done = run("learn", "--from", shop / "audit", "--labels", shop / "labels.csv", "--out", shop / "model.json")
    assert done.exit_code == 0, done.output
    assert "150" in done.output
    return shop / "model.json"


def risks(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "tables" / "risk.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["session_id"]: row for row in csv.DictReader(file)}


def test_other_talk_of_the_shop_is_told_apart(tmp_path: Path, model: Path) -> None:
    labels = write_shop(tmp_path / "other", seed=2)
    out = tmp_path / "out"
    assert run("audit", tmp_path / "other" / "chats.csv", "--model", model, "--out", out).exit_code == 0
    found = risks(out)
    bad = [float(found[name]["risk"]) for name, label in labels.items() if label < 0]
    good = [float(found[name]["risk"]) for name, label in labels.items() if label > 0]
    assert min(bad) > 0.5 > max(good)
    some = next(found[name] for name, label in labels.items() if label < 0)
    assert some["model"] == read(model).label
    assert any(part in some["reasons"] for part in ("一直", "直闪", "包装", "装破", "破了", "颜色", "发错", "灯"))
    run_json = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run_json["model"] == {"name": "model.json", "sha256": read(model).sha256}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, shop: Path, model: Path) -> None:
    words = ("--from", shop / "audit", "--labels", shop / "labels.csv", "--out", tmp_path / "again.json")
    assert run("learn", *words).exit_code == 0
    assert (tmp_path / "again.json").read_bytes() == model.read_bytes()


def test_no_name_or_number_is_in_the_vocabulary(model: Path) -> None:
    grams = read(model).model.grams
    assert "一直" in grams
    assert not [gram for gram in grams if any(mark.isdigit() for mark in gram) or "客人" in gram or "小雨" in gram]


def test_the_file_says_what_it_was_learnt_from(model: Path) -> None:
    data = json.loads(model.read_text(encoding="utf-8"))
    assert data["trained_on"]["conversations"] == TALKS == data["trained_on"]["buyers"]
    assert len(data["measured"]["folds"]) == 5
    assert data["measured"]["trained"]["area"] > data["measured"]["untrained"]["area"]
    assert list(data["trained_on"]["label_tables"]) == ["labels.csv"]
    assert set(data["rules"]) == {fact["name"] for fact in data["facts"] if fact["most"] is not None}


def test_labels_that_mean_nothing_are_refused(tmp_path: Path, shop: Path) -> None:
    draw = random.Random(3)
    table = tmp_path / "noise.csv"
    lines = ["session_id,label", *(f"t{at:03d},{draw.random():.3f}" for at in range(TALKS))]
    table.write_text("\n".join(lines), encoding="utf-8")
    done = run("learn", "--from", shop / "audit", "--labels", table, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 1
    assert "not better than the untrained" in done.output and not (tmp_path / "m.json").exists()


def test_few_labels_are_refused(tmp_path: Path, shop: Path) -> None:
    table = tmp_path / "few.csv"
    table.write_text("session_id,label\nt000,1\nt001,0\n", encoding="utf-8")
    done = run("learn", "--from", shop / "audit", "--labels", table, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 1 and "Too few judged conversations: 2" in done.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("session_id,label\nt000,good\nt001,nan\n", ["few.csv:2:2", "few.csv:3:2"]),
        ("session_id,label\nt000,1\nt000,2\n", ["few.csv:3:1", "two different labels"]),
        ("id,mark\nt000,1\n", ["Columns missing"]),
        ("session_id,label\nnobody,1\n", ["None of 1 labels"]),
    ],
)
def test_bad_labels_are_said_with_their_place(tmp_path: Path, shop: Path, content: str, said: list[str]) -> None:
    table = tmp_path / "few.csv"
    table.write_text(content, encoding="utf-8")
    done = run("learn", "--from", shop / "audit", "--labels", table, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 2
    assert [one for one in said if one not in done.output] == []


def test_without_labels_somebody_must_have_judged(tmp_path: Path, shop: Path) -> None:
    done = run("learn", "--from", shop / "audit", "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 2 and "judged by a person" in done.output


def test_settled_scores_of_a_spot_check_are_the_labels(tmp_path: Path, shop: Path) -> None:
    """Marks that persons handed back count; those of the machine alone do not."""
    import shutil

    folder = tmp_path / "judged"
    shutil.copytree(shop / "audit", folder)
    labels = dict(csv.reader((shop / "labels.csv").read_text(encoding="utf-8").splitlines()))
    names = sorted(name for name in labels if name != "session_id")[:100]
    marks = ["card,period,subject_kind,subject,agent,item,outcome,points,max_points,value,evidence,reason,decided_by"]
    scores = (folder / "tables" / "scores.csv").read_text(encoding="utf-8-sig").splitlines()[:1]
    for name in sorted(labels):
        if name == "session_id":
            continue
        by = "sheet:王" if name in names else "machine"
        marks.append(f"c,2026-03,conversation,{name},小雨,1,met,1,1,,,,{by}")
        scores.append(f"c,2026-03,conversation,{name},小雨,{labels[name]},,,,false,,1,1,1")
    (folder / "tables" / "marks.csv").write_text("\n".join(marks), encoding="utf-8-sig")
    (folder / "tables" / "scores.csv").write_text("\n".join(scores), encoding="utf-8-sig")
    (folder / "run.json").unlink()
    done = run("learn", "--from", folder, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 2 and "has no talk" in done.output
    done = run("learn", "--from", shop / "audit", folder, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "100 conversations with 100 buyers" in done.output and "settled by persons (c)" in done.output


def test_several_folders_may_stand_after_from(tmp_path: Path, shop: Path) -> None:
    folder, labels = shop / "audit", shop / "labels.csv"
    done = run("learn", "--from", folder, folder, "--labels", labels, "--out", tmp_path / "m.json", "--lang", "en")
    assert done.exit_code == 0 and "150 conversations" in done.output


def test_a_buyer_of_most_talks_is_nobody(tmp_path: Path) -> None:
    write_shop(tmp_path / "one", seed=4, buyers=1)
    chats, out = tmp_path / "one" / "chats.csv", tmp_path / "audit"
    assert run("audit", chats, "--out", out).exit_code == 0
    done = run("learn", "--from", out, "--labels", tmp_path / "one" / "labels.csv", "--out", tmp_path / "m.json")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["trained_on"]["buyers"] == TALKS


def test_a_model_of_other_rules_is_refused(tmp_path: Path, shop: Path, model: Path) -> None:
    text = model.read_text(encoding="utf-8").replace('"name": "risk/curse"', '"name": "risk/cursed"')
    (tmp_path / "m.json").write_text(text, encoding="utf-8")
    done = run("audit", shop / "chats.csv", "--model", tmp_path / "m.json", "--out", tmp_path / "out", "--lang", "en")
    assert done.exit_code == 2 and "risk/cursed" in done.output and not (tmp_path / "out").exists()


HOSTILE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_hostile_model_gives_faults_or_is_a_model(model: Path, data: st.DataObject) -> None:
    content = json.loads(model.read_text(encoding="utf-8"))
    content["grams"] = content["grams"][:3]
    content["words"] = {block: numbers[:3] for block, numbers in content["words"].items()}
    place = content
    while isinstance(place, dict | list) and len(place):
        keys = sorted(place) if isinstance(place, dict) else list(range(min(len(place), 3)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):  # type: ignore[index]
            place[key] = data.draw(HOSTILE)  # type: ignore[index]
            break
        place = place[key]  # type: ignore[index]
    try:
        made = model_file._parsed(json.dumps(content).encode(), "m.json")
    except Faults as faults:
        assert faults.said("zh") and faults.said("en")
        return
    assert np.isfinite(made.weights.words).all() and made.curve.slope < 0


@given(st.binary(max_size=60))
def test_bytes_that_are_no_model_give_faults(content: bytes) -> None:
    with pytest.raises(Faults):
        model_file._parsed(content, "m.json")


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a":' * 50_000, '{"start": ' + "9" * 5000 + "}", '{"a":1,"a":2}', "NaN"]
)
def test_deep_long_or_double_json_gives_faults(content: str) -> None:
    with pytest.raises(Faults):
        model_file._parsed(content.encode(), "m.json")


def test_a_model_is_read_as_it_was_written(model: Path) -> None:
    assert model_file.written(read(model).model) == model.read_bytes()
