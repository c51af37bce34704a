"""The bank of talk: short scenes that a conversation is put together from.

A scene starts with ``# stage words``: ``ok`` or the faults that it holds, ``trap:…`` honest wording that a careless
check would flag, ``~subject`` what a question is about (asked once in a talk), ``end`` where the talk breaks off.
A line is ``who[+seconds][:kind] text``; who is b buyer, a agent, o the next agent, i assist, u auto, r bot, s system,
$ something that happens to the order. An indented line continues the message above.
``{slot}`` is filled from the article, the town and the people; ``{a|b}`` picks one.
"""

OPENINGS = """
# open ok
b {在吗|在么|在不在|你好|hi 在吗|有人吗}
a {hello}

# open ok
b {你好|您好}
a {hello}
b {想问下|咨询一下|问个事}

# open ok
b {在吗|在？}
b {?|？|有人没}
a {hello}

# open ok
b {老板在吗|亲 在吗|客服在吗}
a {hello}
a {请问想看哪一款呢|您想了解哪款产品呢，我给您介绍}

# open no_greeting
b {在吗|在么|你好}
a {在|嗯|说|什么事}

# open no_greeting
b {在吗|有人吗}
b {？|在不在啊}
a {嗯在的，说吧|在的 你说}

# open.item ok
b:card {link}
b {这款有现货吗|这个还有吗|这个有货不}
a {hello}
a {这款有现货的，{ship}|有的呢，两个颜色都有，{ship}}

# open.item ok
b {你好，|}这个{short}{怎么样|好用吗|还有货吗}
b:card {link}
a {hello}
a {这款是我们店里卖得比较多的，现货，您主要是自己用还是送人呢|在的，现货，您想了解哪方面呢}

# open.item ok
b:card {link}
b {想买这个|看中这个了}
b 问几个问题
a {hello}
a {您尽管问，我在的|好的呢，您说}

# open.item ok trap:第一次
b:card {link}
b 第一次买你们家的，这个{short}好不好用啊
a {hello}
a {第一次来的话给您介绍下，|}这款{pitch}，{mat}

# open.item ok trap:最后两件
b:card {link}
b 这个{color}的还有吗
a {hello}
a {color}的仓库里是最后两件了，{color2}的还多，您看喜欢哪个呢

# open.item no_greeting
b:card {link}
b {有现货吗|还有吗}
a {有|有的|有 拍吧}

# open.item no_greeting
b:card {link}
b {这款怎么样|这个好用不}
a {挺好的|还可以|页面有介绍}

# open.need ok
b {你好|在吗}
b {想买个{kind}，{use}|要个{kind} {use}|有没有适合{use}的{kind}}
a {hello}
a {有的呢，我帮您看看|好的，我给您挑一下}

# open.need ok
b {我想|}买{kind}，你们家好多款，{不知道选哪个|看花眼了|有点懵}
a {hello}
a {没关系的，我帮您选，您说说需求就行|不着急，我来帮您挑}

# open.need ok trap:最近
b {最近|最近天冷}想换个{kind}，{有推荐吗|推荐一下呗}
a {hello}
a 最近问{kind}的确实多，给您推荐几款合适的{emo}

# open.need no_greeting
b {在吗|你好}
b {想买个{kind}|要买{kind} 有推荐吗}
a {嗯|哪款|要啥样的}

# open.again ok
b {我昨天问的那个{short}，想好了|又来了，还是那个{short}|回来了{emo}，{short}还有吧}
a {hello_again}
a {有的，还是昨天的价，{promo}|还有货呢，{ship}}

# open.again no_greeting
b {还是昨天那个{short}|昨天问的那个{short}}
a {哪个|嗯|哦}

# open.bot ok
b {在吗|你好|这款有现货吗}
r {您好，我是智能客服小暖，回复“人工”为您转接客服|亲，常见问题：1.发货时间 2.发票 3.售后，回复数字查看}
b {人工|转人工|人工客服|找人工}
s:event {handover}
a {hello}
a {您刚才问的我看到了，请问是想了解哪款呢|让您久等啦，您请说}

# open.bot ok
b {什么时候发货|几天发货}
r {您好，正常付款后48小时内发货，节假日顺延|小暖：现货商品付款后48小时内发出哦}
b {我想问的不是这个|答非所问啊}
b {转人工|人工}
s:event {handover}
a {hello}
a 不好意思，智能客服没答对，您说，我来帮您看

# open.bot ok
b:card {link}
r {welcome_card}
b {这个{color}的有吗|这款现在有活动吗}
b 转人工
s:event {handover}
a {hello}
a {有的，{promo}|有货的呢，{promo}}

# open.bot no_greeting
b {在吗|你好}
r {您好，我是智能客服小暖，请问有什么可以帮您？|亲，您可以直接描述问题哦}
b {人工|转人工}
s:event {handover}
a {说吧|什么问题|嗯 咋了}

# open.auto ok
b {在吗|你好}
u {away}
a+{45-110} {hello}
a {刚才在接待别的顾客，让您久等了，抱歉哈|不好意思回晚了一点点，您请说}

# open.auto ok
b:card {link}
u {away}
b {这个多大的|容量多少}
a {hello}
a 这款是{cap}的，{size}
"""

NEEDS = """
# need ok
a {请问您是自己用还是送人呢|您平时主要什么时候用呀}
b {自己用|自己用的|自用}，{use}
a {好的，那对容量有要求吗|明白了，您想要大一点的还是小一点的呢}
b {差不多就行|不用太大|{vol}左右吧}

# need ok
a {您这边是打算怎么用呢，我好给您推荐|方便说下用途吗，这样推荐得准一些}
b {use}
b {预算{price}左右|别太贵就行|一百来块吧}
a {好的，了解了|收到，我给您看下}

# need ok
a {您之前用的是什么样的，有哪里不满意吗|以前的那个是哪里不好用呢}
b {用了两年，{密封圈坏了|磕坏了}|原来那个老是{有味|漏水}}
b 主要是{use}
a 这样呀，那给您找一款{结实|好清洗}点的

# need ok
a 请问对材质或者大小有要求吗
b {要304以上的|安全一点的|材质好点}
b 大小{vol}{左右|上下}{就行|吧}
a 好的您稍等，我看下哪款合适
a+{12-30} {看好了|有了}

# need repeat_question
a {干嘛用的|你做什么用}
b {use}
a 要多大的
b {vol}{左右|就行}
a {做什么用呢|干嘛用的来着}
b {我刚说过了|刚不是说了吗}，{use}
a {哦 那要多大的|嗯 容量呢}
b {…|无语 }我刚说过了{vol}

# need repeat_question
a 你买给谁用
b 自己啊，{use}
a 男的女的
b {这个有关系吗|跟这有啥关系}
a {你多大了|你做什么工作的}
b {你到底卖不卖|问这么多干嘛}{，我就要个{kind}|}

# need skipped_steps
a:card {link}
a {这个|这款 拍就行}
b {我还没说要什么样的呢|你都不问问我要啥样的啊}
b 算了 {use}{，这个行吗|能用吗}
a {行|可以}

# need skipped_steps
a:card {link}
a:card {alt_link}
b {这俩有啥区别|哪个好}
a {差不多|都行 看你}

# recommend ok
a {给您推荐这款|您可以看下这款}{short}
a:card {link}
a {pitch}，{mat}，{use}{正合适|挺合适的}
b {看着还行|哦这个不错|嗯 可以的}

# recommend ok
a:card {link}
a 这款{cap}，{pitch}，{很多老顾客回购|最近卖得也不错}
  {tight}，{clean}
b {收到|看到了}，{和别的有啥区别|跟另一款比呢}
a {另外一款{alt}是{alt_cap}的，您{use}的话还是上面这款合适些|主要是大小不一样，{alt}是{alt_cap}}

# recommend ok
a 按您说的，这款{short}比较适合，原因有两个
  1. {pitch}
  2. {works}
a:card {link}
b {多少钱|啥价|有优惠吗}
a {{price}元，{promo}|原价{price}，{promo}}

# recommend ok
a:card {link}
a:image [图片]
a {这是实拍图，{color}和{color2}两个颜色|给您发了张实拍，颜色没有色差}
a 推荐您这款是因为{pitch}
b {color}{好看|不错}

# recommend ok
a 您看这两款
  {short}：{cap}，{price}元
  {alt}：{alt_cap}，{alt_price}元
a:card {link}
a:card {alt_link}
b {第一个吧|第一款}
b 这个怎么样
a 第一款{pitch}，{mat}，您平时用得上

# recommend recommend_no_reason
a:card {link}
a {可以看看这款|这款呢}
b {哦|嗯 这个好在哪}
a {卖得还可以|评价可以看下}

# recommend no_recommend
b {你给推荐一个呗|有推荐的吗}
a {你自己看看店里吧|店里都有 自己选一下|每个人喜欢的不一样 你自己挑}
b {…|好吧}

# recommend no_recommend
b {哪款卖得好|哪个适合我}
a {都差不多|随便选都可以|随便}
b {那我再看看吧|好吧我自己看看}

# recommend overstated
a:card {link}
a {这款是全网第一的|我们家这个是国内最好的{kind}，全网第一}，{绝对不会坏|永久不会坏}
b {真的假的|这么厉害？}
a {100%的，用一辈子都没问题|百分百没问题，全国销量第一}

# recommend.保温杯 overstated
a:card {link}
a {这个最好，别家都比不上|同行里我们质量最好}，{喝了还能排毒养生|用了能治胃病的，好多人说胃都好了}
b {还有这功能|？喝水还能治胃病}
a {肯定的，放心拍|绝对有效}
"""

TOPICS = """
# topic ok ~ship
b {什么时候发货|今天能发吗|几天能到{city}|发{city}几天}
a {{ship}，到{city}{days}|您好，{ship}，发出以后到{city}大概{days}}
b {好的|嗯嗯|哦哦 行}

# topic ok ~courier
b {发什么快递|用什么快递}
a 默认是中通或者圆通，{post}{，您有指定的快递吗|}
b {都行|圆通慢，中通吧|无所谓 快就行}
a {好的，给您备注上|好的，我给您备注一下哈}

# topic ok ~post
b {包邮吗|运费多少|到{city}包邮不}
a 到{city}{post}，{ship}

# topic ok ~invoice
b {能开发票吗|有发票不|可以开票吗}
a 可以的，开的是电子普通发票，收货后在订单里提交抬头就行，一般3天内发到您邮箱
b {公司抬头可以吗|能开公司的吗}
a 可以的，把抬头和税号填上就可以

# topic ok ~warranty
b {质保多久|坏了怎么办|保修吗}
a 签收后7天无理由，非人为损坏质保一年，有问题您直接找我们就行
b {运费谁出|来回运费呢}
a 店里送运费险的，质量问题的运费我们承担

# topic ok ~promo
b {有{什么|}活动吗|现在有优惠没|有券吗}
a {有的，{promo}，活动到3月8号|{promo}呢，活动3月8号结束}
b {在哪领|怎么领|直接减吗}
a {付款的时候自动减的|拍的时候会自动用上，您看下结算页面}

# topic ok trap:最好 ~when
b {什么时候拍划算|晚点买会降价吗}
a 价格这两天都一样，您要{color}的话最好明天拍，明天仓库到一批新的
b {行 那我想想|哦这样}

# topic ok ~color
b {color}和{color2}哪个好看
a {看您喜好，{color}更耐脏一点，{color2}清爽些|{color}买的人多一点，{color2}适合女生}
b {那要{color}|我再看看图}

# topic ok ~size
b {多大啊|尺寸多少|多高}
a {{size}|这款{size}，{cap}}
b {比我想的{大|小}一点|嗯 刚好|可以}

# topic ok ~smell
b {有味道吗|新的会不会有味}
a 刚拆开会有一点点新杯子的味道，用温水加点小苏打泡一会儿就散了，都是食品级的材质您放心
b {哦哦好|那还行}

# topic ok ~clean
b {好清洗吗|好洗不|缝里会不会脏}
a {{clean}|好洗的，{clean}}

# topic ok ~engrave
b {能刻字吗|可以刻名字吗}
a 这款暂时不能刻字的呢，不好意思哈，送人的话可以配礼盒，加8元
b {礼盒什么样|礼盒有图吗}
a:image [图片]

# topic slow_sorry ~review
b {我看评价有人说{掉漆|漏水}|评价里说{掉漆|会漏}是怎么回事}
a+{190-420} 不好意思让您久等了，刚去仓库核实了一下
a 那位顾客是运输磕碰的，已经给补发了，{tight}，您放心用
b {好吧|嗯嗯}

# topic slow_sorry ~photo
b {有没有实物图|能拍个实物吗}
a 好的您稍等，我去拍一张
a+{200-380}:image [图片]
a 抱歉久等了，刚拍的，{color}的就是这个
b {好看|可以 挺清楚|嗯嗯谢谢}

# topic slow ~ship
b {今天拍能发吗|几天能到{city}}
a+{185-520} {发的|48小时内}
b {等半天了|回得好慢}

# topic slow ~promo
b {有券吗|能便宜点吗}
b+{70-120} {人呢|？|在吗}
a+{150-400} {promo}
b {好吧|哦}

# topic hold_lost end ~stock
b {这个{color}的还有货吗|能改成{color2}吗}
a {稍等|你稍等 我看下|等一下哈 我问问}
b+{240-500} {看好了吗|？|人呢}
b+{200-600} {算了|不买了|我去别家看看}

# topic hold_lost ~tint
b {会不会有色差|有没有优惠}
a {稍等|稍等我问一下}
b+{100-300} {那|顺便问下}是什么材质
a {mat}
b {刚才问的那个呢|前面那个你还没回}
a {页面都有的|看页面}

# topic dont_know ~ship
b {到{city}几天|{里面|内胆}是什么材质的}
a {不清楚|这个不清楚哦|不知道呢}
b {你是客服你不清楚？|客服都不知道吗}
a {我也不是仓库的|真不知道}

# topic dont_know ~promo
b {现在有什么活动|满减怎么算}
a {活动我不清楚，你看页面|不知道有没有，你拍一下看看}
b 页面写满减又写券，能不能叠加啊
a {不清楚，应该可以吧|不知道}
b {那算了，我再看看|…你们自己的活动都不清楚}

# topic make_repeat ~ship
b 我要寄到{city}，{color}的，周末前能到吗
a {什么颜色|你寄哪里}
b {color}，{city}
a {你要什么问题来着|所以你问的是啥}
b {周末前能不能到{city}！|我再说一遍，周末前能到{city}吗}
a {可以的吧|差不多}

# topic vague ~volume
b {多少毫升|能装多少水}
a {够用的|一般人都够|挺大的}
b {具体多少|到底多少毫升}
a {页面有写的|正常大小}

# topic vague ~leak
b {漏不漏啊|放包里会漏吗}
a {一般不会|正常使用没事}
b {什么叫一般…|那到底漏不漏}
a {看情况|看你怎么放}

# topic vague ~warranty
b {坏了怎么处理|质量有问题怎么办}
a {有问题再说|到时候联系我们}
b 怎么个处理法，换还是退
a {看具体情况|到时候再看}

# topic overstated ~warranty
b {质量怎么样|用多久会坏}
a {绝对不会坏，永久保用|100%不会坏，终身保修的}
b {真的终身？页面写一年|页面上写的是一年质保啊}
a {放心就是了|我们质量第一，跟别家不一样}

# topic false_policy ~return
b {用过了还能退吗|拆了能退不}
a {一年内随便退，用坏了也全额退|拆了洗了都能退，三个月内无理由}
b {这么好？|页面写的7天啊}
a {我说能退就能退|没事的 买就行}

# topic false_policy ~return
b {能7天无理由吗|不喜欢能退吗}
a {我们家不支持7天无理由，卖出去就不退了|特价的一律不退不换}
b {不是都有7天无理由的标吗|页面上有7天无理由啊}
a {那个不算的|那是系统自带的}

# topic canned ~canned
b {能不能{放洗碗机|装茶}|{会掉漆吗|会生锈吗}}
a {canned}
b {我问的不是这个|？？}
a {canned}
b {你是机器人吗|复制粘贴呢}
a {canned}

# topic abandon end ~abandon
b {到底是什么材质的|和{alt}比哪个好}
b+{60-150} {？|在吗|人呢}
b+{120-400} {又没人了|话说一半人没了|不回算了}

# topic.保温杯 ok ~heat
b {保温多久|保温效果咋样|能保多长时间}
a {{works}|实测{works}，室温20度测的}
b {够了|可以|嗯嗯挺好}

# topic.保温杯 ok ~leak
b {放包里会漏吗|漏水不}
a {tight}
b {那就好|好的}

# topic.保温杯 ok ~material
b {什么材质的|是316吗|内胆什么钢}
a {{mat}，都有检测报告的，详情页可以看到|您好，{mat}}

# topic.保温杯 ok ~drinks
b {能装碳酸饮料吗|能泡茶吗|装牛奶行不}
a {不建议装碳酸饮料和牛奶哈，泡茶可以，但别隔夜，泡久了茶味会涩|泡茶可以的，牛奶和汽水不建议装，容易变质和胀气}
b {哦哦|了解}

# topic.保温杯 ok trap:大麻烦 ~seal
b 之前买的杯子密封圈发霉，洗都洗不掉，真是个大麻烦
a 理解的，密封圈藏污确实是个大麻烦，这款{clean}
b {能单独买密封圈吗|密封圈有卖吗}
a 有的，密封圈3元一个，拍的时候跟我说，给您一起发

# topic.保温壶 ok ~heat
b {早上灌的水晚上还热吗|保温几个小时}
a {works}
b {挺好|那够了}

# topic.保温壶 ok ~weight
b {老人用重不重|好提吗}
a 空壶1.1公斤，装满水大概2.6公斤，放桌上按压出水，不用提着倒的
b {那行|嗯嗯 这个好}

# topic.电水壶 ok ~boil
b {多久能烧开|烧水快吗|几分钟开}
a {works}
b {还行|可以}

# topic.电水壶 ok ~safe
b {会自动断电吗|忘了关咋办}
a {tight}
b {安全就好|嗯嗯}

# topic.电水壶 ok ~material
b {什么材质|里面是不锈钢吗|有塑料味吗}
a {mat}
a 第一次用先烧两壶水倒掉，就没有味道了

# topic.电水壶 ok ~noise
b {声音大不大|吵不吵}
a {烧开前有一点响声，正常说话的音量，不会很吵|声音大概和油烟机小档差不多，您可以参考下}

# topic.饭盒 ok ~microwave
b {能进微波炉吗|可以微波加热不}
a {works}
b {好的|明白了}

# topic.饭盒 ok ~leak
b {带汤会不会漏|漏汤吗}
a {tight}
b {嗯|好}

# topic.饭盒 ok ~volume
b {够一个男的吃吗|饭量大够不够}
a {{cap}，一般男生一顿够的，饭量特别大的话可以再配个小的|这款{cap}，成年人一顿差不多}
"""

TURNS = """
# bargain ok
b {能便宜点吗|再少点呗|便宜10块我就拍}
a {亲，价格已经是活动价了，{promo}，我这边没有改价的权限呢|实在不好意思，价格是公司统一定的，{promo}，您可以先领券再拍}
b {好吧|行吧|那行}

# bargain ok
b {送点东西呗|有赠品吗|送个小刷子}
a 收藏店铺可以送一个清洁刷，您收藏了跟我说一声就行，我给您备注{emo}
b {收藏了|好了 收藏了}
a 好的，给您备注上啦

# bargain ok
b {买两个能便宜吗|多买有优惠不}
a 两件一起拍满99减10，正好能用上，您可以都加到购物车一起结算
b {好 我算算|哦哦 那可以}

# bargain ok trap:加微信
b {加个微信吧，以后直接找你买|能加你微信不}
a 请不要加微信哦以免被骗，平台上下单才有保障，您有需要随时在这里找我
b {哈哈好|行}

# bargain private_promise
b {能便宜点吗|再少点呗}
a {我私下给你便宜10块，你先拍别付款|你拍，我私下给你改价，别跟别人说}
b {真的？|可以啊}
a 保证最低价，我说了算{|，多送你一份都行}

# bargain private_promise
b {买一个送不送东西|有赠品没}
a {多送你一份，我偷偷放里面|多送你一份，不走系统的}
b {这么好|没问题吧？}
a {放心，保证给你|我答应你就行了 别声张}

# bargain off_platform
b {便宜点呗|还能少不}
a 加我微信 shili0000，{微信转我便宜15|平台要扣钱，转我便宜15}
b {微信付有保障吗|不走平台安全吗}
a {老顾客都这样|没事的}，手机号也能加，13800138000

# bargain off_platform
b {太贵了|有点小贵}
a 这边不好说，V❤信聊，{shili0000|138 0013 8000}
a {你加下，私下给你发|加薇信私下给你便宜}
b {算了 不加|为啥要加微信}

# bargain insult end
b {太贵了吧|别家才一半的价}
a {没钱就别买|嫌贵你去买便宜的，没钱就别买}
b {你什么态度|你怎么说话的}
a {就这态度，|}爱买不买

# bargain insult end
b {我没看懂怎么用券，再说一下|怎么领券啊，没找到}
a 说了在首页，你听不懂吗{|，这都不会}
b {我要投诉|你会不会说话}

# show ok
b:card {link}
b {这款|就这个|问下这个}

# show ok
b:card {link}

# hesitate ok
b {我再看看吧|再考虑下|我比较一下}
a 好的，不着急，您可以先收藏加购一下，{promo}，下次好找
b {嗯嗯|好|加了}

# hesitate ok
b {有点犹豫|怕不好用}
a 理解您，签收后7天无理由，不合适可以退，有运费险，您可以放心试试
b {那行|嗯嗯 那还可以}

# hesitate ok
b {我问下我老婆|跟家里人商量下}
a 好的呢，您先点个收藏，商量好了随时找我{emo}

# hesitate no_cart
b {我再看看吧|再想想}
a {嗯|好|哦}

# hesitate no_cart
b {我考虑下|再对比下}
a {好的呢|好的，有需要再联系}

# hesitate insult end
b {我再考虑考虑|再看看别家}
a {问这么多又不买，浪费时间|看半天不买你问啥}
b {？？|…}

# cart ok
a {您可以先把{short}加入购物车，{promo}，凑单也方便|喜欢的话先收藏加购，活动到3月8号呢}
b {加了|好的 加上了|嗯}

# cart ok
a 麻烦您点下收藏，加到购物车，这样降价会有提醒的
b {好|收藏了}

# decide.later ok
b {我晚点再拍|等发工资|先这样 谢谢}

# decide.leave ok
b {哦|好的 谢谢|知道了|嗯嗯}

# order ok
b {那我拍了|行 我拍一个{color}的|那就这个吧|可以 下单了}
$ order
b {拍好了|拍下了|已拍}
a 看到您的订单了，跟您核对一下
  {color} {short} 1个
  收货地址：{city}，{receiver}，尾号{tail}
b {对的|没错|对}
$ pay
a {好的，{ship_soon}，到{city}大概{days}，请注意查收|信息没问题的话就给您安排了，{ship_soon}，{days}到{city}}

# order ok
b {拍了|下单了}，{你看下|麻烦看一下}
$ order
$ pay
b:card {order_card}
a 收到，{color}的{short}一个，收件地址是{city}这边对吧
b {嗯|对|是的}
a 好的，{ship_soon}，路上{days}，您留意下短信

# order ok
b {怎么拍|直接拍就行吗}
a 选{color}，数量1，优惠会自动减，到手{deal}元，您看下结算页对不对
b {对的 {deal}|嗯 是{deal}}
$ order
$ pay
b {付了|付好了}
a 麻烦核对下地址：{city}，收件人{receiver}，电话尾号{tail}，没问题吧
b {没问题|对的}
a {ship_soon}，{days}到，辛苦您等等{emo}

# order no_confirm
b {拍了|下单了}
$ order
$ pay
a {嗯|好|收到}
b {地址不用核对下吗|我地址填的公司 没错吧}
a {你填啥就发啥|不用}

# order no_confirm no_delivery
b {拍好了|付款了}
$ order
$ pay
a {好|OK}

# order no_delivery
b {拍了 什么时候能到|付了，几号到}
$ order
$ pay
a {color}的{short}，{city}，{receiver}，对吧
b {对 几号到啊|对，问你什么时候到}
a {发了就知道了|看快递}

# unpaid ok
b {那我拍一个|先拍下}
$ order
a {看到您拍下了还没付款，{promo}，{ship}，您看还有什么顾虑吗|亲，订单帮您留着呢，付款后优先发货，是遇到什么问题了吗}
b {余额不够 明天付|等会付|卡里没钱了 晚点}
a 好的，不着急，订单会保留到明天，地址是{city}对吧
b {对|嗯}
$ pay_later

# unpaid ok
b {我先拍下来|先拍着}
$ order
a+{60-150} 亲，您的订单还没付款呢，{deal}元是活动价，{ship}
b {我再想想|先不付了}
a 好的，有什么疑问随时问我，我都在的
$ close
"""

ENDINGS = """
# close ok
a {bye_thanks}
a {bye_rate}
b {好的|嗯嗯|谢谢|好的谢谢|ok|{emo}}

# close ok
b {谢谢|谢谢啦|好的谢谢}
a {bye_thanks}
a {bye_rate}

# close ok
a {bye_thanks}
b {嗯|好的|行|收到}
a {bye_rate}{emo}
b:emoji {emo}

# close ok
b {好的|知道了}
a {请问还有其他可以帮到您的吗|还有什么问题吗，您尽管说}
b {没了 谢谢|没有了|没啦}
a {bye_thanks}
a {bye_rate}

# close close_partly
b {好的|谢谢}
a {不客气|不客气的，有需要再找我}

# close close_partly
a {bye_thanks}
b {嗯嗯|好}

# close no_close
b {好的|谢谢}

# close no_close
b {好的谢谢|嗯嗯|ok}
a {嗯|哦|好}

# upset ok
b:card {order_card}
b {怎么回事，收到的{short}有个坑|{盖子是坏的|内胆有划痕}，你们怎么发货的}
b:image [图片]
a {hello}
a 非常抱歉给您带来不好的体验，换谁收到这样的都会着急，您先别生气，我马上帮您处理
b {我等了好几天就收到这个|气死了 急着用}
a 理解您，是我们打包没做好，给您两个方案
  1. 今天就补发一个新的，旧的不用寄回
  2. 直接退款，运费我们承担
b {补发吧|那补发一个}
a 好的，已经登记补发，{ship_soon}，到{city}{days}，单号出来我发给您
b {行吧|好的 这还差不多}

# upset ok
b {三天了还没发货|怎么还不发货}，{你们是不是没货|耍我呢}
b:card {order_card}
a {hello}
a 实在抱歉，让您等急了，我马上帮您查
a+{30-70} {查到了，是仓库漏扫了，已经让他们优先打包，{ship_soon}|前天爆仓压了一批单，您的排到最前面了，{ship_soon}}
a 耽误您了真的抱歉，给您申请了5元补偿券
b {好吧 快点|行 别再拖了}
a 一定的，明天我再帮您跟一下物流，有情况第一时间跟您说

# upset ok
b {买了不到半个月，盖子就关不紧了|用了一周就不保温了}
b 太失望了
a {hello}
a 真的很抱歉，给您添麻烦了，您的心情我理解
a 麻烦您拍个视频看下，一年质保内的，确认后免费给您换新
b:image [图片]
a 看到了，确实是密封圈的问题，换新给您登记好了，{ship_soon}
b {嗯 处理得还算快|好的}

# upset argue_no_apology end
b:card {order_card}
b 收到就是坏的，{盖子裂了|漏水}
b 怎么解决
a {我们发的时候是好的|不可能 我们都检查过的}
b {那就是我弄坏的呗？|我骗你干嘛}
a {那谁知道|快递摔的你找快递，跟我们没关系}
b {东西是在你家买的|我找你们客服你让我找快递？}
a {你别激动，我说了不是我们的问题|你跟我吵也没用}
b {投诉了|差评}

# upset no_empathy unresolved end
b {急用的东西到现在没到，孩子明天要带去学校|说好昨天到，急死了，明天要用}
b:card {order_card}
a {单号自己查|物流页面可以看}
b {一直不更新啊|查了没动静，你帮我催催}
a {我催不了|等着吧}
b 那到底几号能到
a {不好说|不确定}
b {真无语|下次不买了}

# upset no_empathy
b {送我妈的生日礼物，收到是脏的，太丢人了|给客户买的，盒子都压扁了，怎么送人}
b:image [图片]
a {哦，那你要退还是换|退货的话点申请}
b {你们就这态度？|连句话都没有吗}
a {走流程就行|申请了我就处理}
b {好吧，那就退吧|换吧}

# upset argue_no_apology insult end
b {跟你们说了要{color}，发来的是{color2}|发错颜色了}
a {你自己拍错的吧|你自己不看清楚}
b {订单写的就是{color}，你自己看|截图给你}
b:image [图片]
a {那你退了呗，多大点事|一个杯子也要闹，没见过你这样的}
b {你说什么？|我要找你们领导}

# upset unresolved end
b {上次说补发的怎么还没到|我的补发单号呢，上周就说发了}
a {我看看|稍等}
b+{120-400} {查到了吗|？}
a {不是我接待的，不清楚|上次谁跟你说的你找谁}
b {我上哪找去|你们不是一家店吗}
a {明天再问吧|这边看不到}

# after ok
b:card {order_card}
b {这个怎么洗|新的要先煮一下吗|说明书丢了，怎么用}
a {hello}
a {clean}，第一次用先用开水烫一遍就可以了
b {好的|懂了}

# after ok
b {我的快递到哪了|查下物流}
b:card {order_card}
a {hello}
a 帮您查了，包裹已经到{city}了，明天派送，您留意下电话
b {好的谢谢|嗯嗯}

# pending ok
b {在吗|有人吗}
b {这款{short}还有货吗|想问下{short}}
b+{100-400} {？|没人吗|算了}

# pending ok
b:card {link}
u {away}
b {能便宜点吗|{color}有货吗|多久能到{city}}
b+{200-900} {没人啊|好吧}

# pending ok
b {怎么没人|有客服吗}
r 您好，我是智能客服小暖，请问有什么可以帮您？
b {这个保修多久|可以开票吗，公司用}
r {抱歉，小暖还没学会这个问题，您可以换个说法|小暖没有听懂呢，人工客服在线时间8:00-23:00}
b {…|好吧}

# twice ok
b 在吗
b+0 在吗
b 在吗在吗
a {hello}
b 网卡了 发了两遍

# transfer ok
b {我想定100个{short}，给公司发福利的|要做团购，150个{short}，有定制吗}
a 好的，量大的单子由同事专门负责，我帮您转过去，您稍等一下
s:transfer {transfer}
o 您好，我是{other}，刚才的内容我看到了，您是要团购{short}对吧
b {对 要开专票|对的，月底前要}
o 都可以的，100件以上按团购价，报价和合同今天下班前发给您，交货大概7天
b {好 那等你|行，麻烦了}
o {bye_thanks}
o {bye_rate}

# transfer ok
b 上个月买的{short}要换密封圈，找谁
a 您稍等，我转给负责售后的同事
s:transfer {transfer}
o 您好，我是{other}，麻烦发下订单截图，我给您登记补寄一个密封圈
b:image [图片]
o 看到了，在质保期内，密封圈今天给您寄出，到{city}{days}
b {好的谢谢|效率可以}
o {bye_thanks}

# recall ok
b {刚拍的订单电话写错了|地址填错了能改吗}
a 可以的，没发货都能改，您把新的发我
b:recall {recalled}
b {改成138****8000|还是原来小区 3栋改成5栋}
a 好的，已经帮您改好了，您看下订单里对不对
b 对了 谢谢

# event ok
s:event {event}
b {这个现在拍是{deal}吗|显示{price}，不是说有优惠吗}
a {hello}
a 是的，{promo}，结算的时候自动减
b {看到了|好 对了}

# assist ok
b {发什么快递|几天发货}
i {您好，默认中通或圆通，付款后48小时内发出|现货付款后48小时内发货，{post}}
b {能指定吗|可以发顺丰吗}
a {可以补10元发顺丰，拍的时候备注一下就好|顺丰要补10元运费，您看需要吗}
b {不用了|算了 普通的就行}

# assist ok
b {能开发票不|有发票吗}
i 可以开电子普通发票，收货后在订单详情页申请
b 专票呢
a {专票的话麻烦提供公司抬头税号地址电话开户行，月底统一开|专票也可以开，您拍下以后把开票资料发我}

# late ok
b {着急用，今天能发吗|今天拍明天能发吗，急}
a+{2000-3300} {真的非常抱歉，刚才系统掉线了才看到您的消息|不好意思让您等了这么久，刚才仓库盘点去了}
a {ship}，到{city}{days}
b {等得花儿都谢了|好吧 没事}
"""

SCENES = OPENINGS + NEEDS + TOPICS + TURNS + ENDINGS
