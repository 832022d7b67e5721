/** English, of card payments. */
export const enCards = {
  'cards.title': 'Card payments',
  'cards.off':
    'This shop takes no cards yet: its operator has to set up Stripe first. Ask through /support in the bot.',
  'cards.connect': 'Connect Stripe',
  'cards.goOn': 'Continue at Stripe',
  'cards.own': 'I have a Stripe account',
  'cards.price': 'Set a card price on a product',
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
  'cards.state.incomplete': 'Unfinished',
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
  'statement.title': 'Monthly statement',
  'statement.why':
    'What you sold, by the receipts and invoices of the month (UTC). The file has a line for each of them, for your accountant.',
  'statement.before': 'Month before',
  'statement.after': 'Month after',
  'statement.none': 'Nothing was sold, given back or paid out in this month',
  'statement.file': 'Get the file (CSV)',
  'statement.sold': 'Sold',
  'statement.back': 'Given back',
  'statement.net': 'Net',
  'statement.paid': 'Paid out to you',
  'statement.sales.one': '{count} sale',
  'statement.sales.other': '{count} sales',
  'statement.refunds.one': '{count} refund',
  'statement.refunds.other': '{count} refunds',
  'cards.tax': 'VAT',
  'cards.tax.off':
    'Stripe Tax can calculate the VAT in each sale by card. Your prices stay what buyers pay: the VAT is in them, and is shown on receipts, invoices and your monthly statement. Register with Stripe Tax in your Dashboard first; Stripe charges its own fee for it.',
  'cards.tax.asked':
    'Waiting for Stripe Tax: add your head office and a tax registration under “Tax” in your Stripe Dashboard, then check again. Until then no VAT is calculated.',
  'cards.tax.on':
    'Stripe Tax calculates the VAT in each new sale by card. Memberships that ran before stay without it: Stripe changes none by itself, since it has to know where each buyer lives. Move them in your Stripe Dashboard, under “Tax”, “Migrations”; it counts from their next charge. Have prices count as including tax there, and members pay what they paid.',
  'cards.tax.ask': 'Calculate VAT',
  'cards.tax.again': 'Check again',
  'cards.tax.end': 'Stop calculating VAT',
  'statement.vat': 'VAT in it',
} as const;
