"""Signals of partnerships for apps higher in the layers. Each is sent in the transaction of the change."""

from django.dispatch import Signal

agreement_registered = Signal()
"""An agreement was entered in the register, or its dates changed: agreement."""
