"""Home languages: the code that is stored (ISO 639) and the Dutch name that people read. Pure."""

NAMES = {
    "ar": "Arabisch", "arc": "Aramees", "am": "Amhaars", "az": "Azerbeidzjaans", "ber": "Berbers", "bg": "Bulgaars",
    "bs": "Bosnisch", "ckb": "Koerdisch (Sorani)", "cs": "Tsjechisch", "de": "Duits", "el": "Grieks", "en": "Engels",
    "es": "Spaans", "fa": "Farsi", "fr": "Frans", "hi": "Hindi", "hr": "Kroatisch", "hu": "Hongaars", "hy": "Armeens",
    "it": "Italiaans", "ka": "Georgisch", "kmr": "Koerdisch (Kurmanji)", "ku": "Koerdisch", "mn": "Mongools",
    "nl": "Nederlands", "pap": "Papiaments", "pl": "Pools", "prs": "Dari", "ps": "Pasjtoe", "pt": "Portugees",
    "ro": "Roemeens", "ru": "Russisch", "sk": "Slowaaks", "so": "Somalisch", "sq": "Albanees", "sr": "Servisch",
    "sw": "Swahili", "ta": "Tamil", "ti": "Tigrinya", "tr": "Turks", "uk": "Oekraïens", "ur": "Urdu", "uz": "Oezbeeks",
    "vi": "Vietnamees", "zh": "Chinees",
}  # fmt: skip
CODES = {name.casefold(): code for code, name in NAMES.items()}


def language_name(code: str) -> str:
    """The Dutch name of a language; a code without one is given back as it is."""
    return NAMES.get(code, code)


def language_code(name: str) -> str:
    """The code of a language by its Dutch name, whatever its capitals; another name is kept as it was typed."""
    return CODES.get(name.strip().casefold(), name.strip())
