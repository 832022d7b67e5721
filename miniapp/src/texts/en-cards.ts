/** English, of card payments. */
export const enCards = {
  'cards.title': 'Card payments',
  'cards.off':
    'This shop takes no cards yet: its operator has to set up Stripe first. Ask through /support in the bot.',
  'cards.connect': 'Connect Stripe',
  'cards.goOn': 'Go on at Stripe',
  'cards.own': 'I have a Stripe account',
  'cards.price': 'Put a card price on a product',
  'cards.disconnect': 'Disconnect Stripe',
  'cards.disconnectAsk':
    'Buyers will no longer be able to pay by card. Memberships paid by card are not cancelled by this: end them at Stripe first. Your Stripe account stays yours.',
  'cards.disconnectYes': 'Yes, disconnect',
  'cards.missing': 'Stripe still wants:',
  'cards.missing.identity': 'who you are: name, date of birth, address',
  'cards.missing.business': 'your business: its name, address or number',
  'cards.missing.bank_account': 'the bank account that you are paid to',
  'cards.missing.website': 'a web page or a description of what you sell',
  'cards.missing.documents': 'a document that proves who you are or where you live',
  'cards.missing.terms': 'your consent to its terms',
  'cards.missing.other': 'something that its page names',
  'cards.state.none': 'Not connected',
  'cards.state.incomplete': 'To finish',
  'cards.state.checking': 'Being checked',
  'cards.state.active': 'Active',
  'cards.state.rejected': 'Refused',
  'cards.state.disconnected': 'Disconnected',
  'cards.is.none':
    'Buyers pay by card, and Stripe pays you directly. Connecting takes about five minutes on Stripe’s own pages; have an identity document and your bank details at hand.',
  'cards.is.incomplete': 'Buyers cannot pay by card yet: Stripe needs something more from you.',
  'cards.is.checking':
    'Stripe looks at what you gave. That takes minutes, at times two days; a message tells you once it is over.',
  'cards.is.active': 'Buyers can pay you by card on the page of each product that has a price for it.',
  'cards.is.rejected':
    'Stripe does not take cards for you: it does not serve your country or kind of business, or refused the account. Its page says why.',
  'cards.is.disconnected': 'Buyers cannot pay by card.',
  'cards.fee': 'Of each sale by card this shop’s operator takes {fee}. Stripe’s own fee is not in it.',
} as const;
