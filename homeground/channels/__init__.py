"""How a message travels: WeCom, Moments, phone, e-mail, webhook; traced links, receipts, the way to opt out.

Owns channels and the links that messages carried. Emits channels.message_assigned, _sent, _delivered, _opened,
_clicked, _answered, _refused, _failed. Keeps no row a message: tokens in links and receipts carry whose they are,
signed.
"""
