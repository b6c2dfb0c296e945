"""What other apps may call."""

from .models import Edition, Group, GroupQuerySet, OfGroup, OfProperty, Property, PropertyQuerySet

__all__ = ["Edition", "Group", "GroupQuerySet", "OfGroup", "OfProperty", "Property", "PropertyQuerySet"]
