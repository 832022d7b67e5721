/** English, of the settings. */
export const enSettings = {
  'settings.title': 'Settings',
  'settings.language': 'Language of the shop and the bot',
  'mail.title': 'E-mail',
  'mail.off': 'This shop sends no e-mails. Everything reaches you in Telegram and here.',
  'mail.why': 'Give an address to be told by e-mail as well. First we ask there whether it is yours.',
  'mail.label': 'Your e-mail address',
  'mail.example': 'For example name@example.org',
  'mail.send': 'Send me a link to confirm',
  'mail.state.asked': 'To confirm',
  'mail.state.confirmed': 'Confirmed',
  'mail.state.stopped': 'Stopped',
  'mail.state.refused': 'Unreachable',
  'mail.is.asked':
    'A link is on its way to {address}. Press it within 3 days; until then nothing else goes there. Nothing came? Look among the unwanted mails, or have it sent again.',
  'mail.is.confirmed': 'E-mails go to {address}. Below you choose which ones.',
  'mail.is.stopped':
    'By the link in one of our e-mails, {address} wanted no more of them. To have them again, confirm it once more.',
  'mail.is.refused':
    'The mail server says that there is no {address}, so nothing goes there. Check how it is spelt, or give another one.',
  'mail.again': 'Send the link again',
  'mail.restart': 'Have e-mails again',
  'mail.other': 'Another address',
  'mail.remove': 'Remove the address',
  'mail.removeAsk':
    'Nothing will go to {address} any more, and the shop forgets it. To have e-mails again you give it and confirm it once more.',
  'mail.removeYes': 'Yes, remove it',
  'mail.keep': 'Keep it',
  'choices.title': 'What you are told',
  'choices.hint': 'Here, under News, everything stands all the same.',
  'choices.mailWaits': 'E-mails begin once an address is confirmed.',
  'choices.telegram': 'Telegram',
  'choices.email': 'E-mail',
  'choices.named': '{kind}: {way}',
} as const;
