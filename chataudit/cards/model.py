"""What a card file may say. Placeholder until the card language is written."""
