"""Random queries and product titles, from plain ones to what breaks tokenisers."""

import random

WORDS = """towel kitchen dish cotton set of 4 100-percent 18x28 inch usb-c charger cable 6ft for iphone 12 pro max case clear
women's men's running shoes size 10.5 wide black white grey leather waterproof jacket kids toddler lego star wars batman
stainless steel water bottle 32oz vacuum insulated laptop stand adjustable aluminium wireless earbuds noise cancelling (2-pack)
without not no fragrance-free organic coffee beans whole bean dark roast 2.5lb replacement filter compatible with dyson v11
cordless led light bulb e26 60w equivalent dimmable soft warm yoga mat extra thick non-slip dog food grain free salmon
antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis B07XJ8C8F5 #1 $19.99 50% & + | - / , . ; : ! ? ' " ( ) [ ] { } @ * _ ~ ^ = < >
nike adidas sony samsung 4k uhd tv wall mount tilt 32-55\" vesa 400x400 tempered glass screen protector 9h""".split()

UNICODE = """café naïve Ñandú Müller ÅNGSTRÖM İstanbul ıspanak straße ΟΔΟΣ Σίσυφος ὈΔΥΣΣΕΎΣ ﬁnance ﬂour ½ ² ™ ® © € £ ¥ № … — – “quoted” ‘x’ « »
日本語 東京タワー 中文字符 한국어 키보드 ひらがな カタカナ ｶﾀｶﾅ 全角ＡＢＣ１２３ 𠀀𠮷 𫝆 豈 हिन्दी தமிழ் العربية עברית שָׁלוֹם ไทย Việt Nam Ελλάδα Москва Київ
👍 👨‍👩‍👧‍👦 🏳️‍🌈 ☕️ 🇩🇪 𝒜𝓁𝑔𝑒𝒷𝓇𝒶 e\u0301 a\u0308\u0323 \u0130 \u1e9b\u0323 ᾳ ǅ ꟲ ߽ ࣓ ᳵ 𑄴 ⸿ ⹃ ᭎ ᙭ ᜴ 𑇉 𞤀 \U000105c9 \U00011383 \U00011938 \U00016121""".split()

ODD = ["\u0000", "\u0001", "\u0007", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u1680", "\u180e", "\u2003", "\u200b", "\u200d", "\u200e",
       "\u2028", "\u2029", "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\ue000", "\U000e0001", "\U000e0041", "\U0010fffd",
       "\t", "\n", "\r\n", "\x0b", "\f", "[SEP]", "[CLS]", "[PAD]", "[UNK]", "[MASK]", "[sep]", "<s>", "</s>", "##ing", "\u0378", "\u08e2", "\u0890"]


def word(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.72:
        base = rng.choice(WORDS)
        return rng.choice([base, base, base, base.title(), base.upper()])
    if kind < 0.88:
        return rng.choice(UNICODE)
    if kind < 0.92:
        return rng.choice(ODD)
    if kind < 0.96:  # Letters and signs thrown together.
        return "".join(rng.choice(rng.choice(WORDS + UNICODE + ODD)) for _ in range(rng.randint(1, 12)))
    if kind < 0.995:
        return "".join(chr(code(rng)) for _ in range(rng.randint(1, 3)))
    return rng.choice("axé日") * rng.randint(90, 120)  # Around the 100 letters a word may have.


def code(rng: random.Random) -> int:
    """Any code point but surrogates, half of them from the first plane."""
    while True:
        value = rng.randrange(0x10000 if rng.random() < 0.5 else 0x110000)
        if not 0xD800 <= value < 0xE000:
            return value


def text(rng: random.Random, n_words: int) -> str:
    parts = []
    for _ in range(n_words):
        parts += [word(rng), rng.choice([" ", " ", " ", " ", " ", " ", "  ", "", "\u00a0", "\t"])]
    return rng.choice(["", "", "", " "]) + "".join(parts[:-1]) + rng.choice(["", "", "", "  "])


def queries_and_products(seed: int, n_queries: int, n_products: int) -> tuple[list[str], list[str]]:
    """The first queries and products are empty or blank."""
    rng = random.Random(seed)
    empty = ["", " ", "\n\u200b", "\u0301"]
    queries = empty + [text(rng, rng.choice([1, 2, 3, 3, 4, 5, 6, 8, 30])) for _ in range(n_queries - len(empty))]
    products = empty + [text(rng, rng.choice([1, 3, 5, 8, 12, 16, 20, 24, 40])) for _ in range(n_products - len(empty))]
    return queries, products
