"""throughcare: the HMPPS digital ecosystem as one coherent, open system."""

__version__ = "0.1.0"
