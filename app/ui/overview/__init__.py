"""The first tab: what is urgent today."""
