"""What people call the browser and the machine that a User-Agent header names. Pure."""

# The first that the header holds counts: Edge says it is Chrome, and Chrome says it is Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(header: str) -> tuple[str, str]:
    """Browser and machine, such as ("Firefox", "Windows"); an empty string for what the header does not tell."""
    return (
        next((name for sign, name in _BROWSERS if sign in header), ""),
        next((name for sign, name in _MACHINES if sign in header), ""),
    )
