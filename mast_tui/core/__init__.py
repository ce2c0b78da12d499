"""The nouns: what is asked, what was found, what was taken, and the rules that all rooms share.

Everything here is plain, typed data that can be printed, tested and saved without a screen, a socket or astropy.
Only numpy and the standard library are imported. Every other room imports this one; it imports none.
"""
