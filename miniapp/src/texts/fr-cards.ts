/** French, of card payments. */
export const frCards = {
  'cards.title': 'Paiement par carte',
  'cards.off':
    'Cette boutique n’accepte pas encore la carte : son exploitant doit d’abord configurer Stripe. Demandez-le par /support dans le bot.',
  'cards.connect': 'Relier Stripe',
  'cards.goOn': 'Continuer chez Stripe',
  'cards.own': 'J’ai déjà un compte Stripe',
  'cards.price': 'Donner un prix par carte à un produit',
  'cards.disconnect': 'Délier Stripe',
  'cards.disconnectAsk':
    'On ne pourra plus payer par carte. Les abonnements payés par carte n’en sont pas résiliés : terminez-les d’abord chez Stripe. Votre compte Stripe reste à vous.',
  'cards.disconnectYes': 'Oui, délier',
  'cards.missing': 'Stripe demande encore :',
  'cards.missing.identity': 'qui vous êtes : nom, date de naissance, adresse',
  'cards.missing.business': 'votre activité : son nom, son adresse ou son numéro',
  'cards.missing.bank_account': 'le compte bancaire où vous êtes payé',
  'cards.missing.website': 'un site ou une description de ce que vous vendez',
  'cards.missing.documents': 'un document qui prouve qui vous êtes ou où vous habitez',
  'cards.missing.terms': 'votre accord à ses conditions',
  'cards.missing.other': 'autre chose, que sa page indique',
  'cards.state.none': 'Non relié',
  'cards.state.incomplete': 'À terminer',
  'cards.state.checking': 'En vérification',
  'cards.state.active': 'Actif',
  'cards.state.rejected': 'Refusé',
  'cards.state.disconnected': 'Délié',
  'cards.is.none':
    'On paie par carte, et Stripe vous paie directement. Relier prend environ cinq minutes sur les pages de Stripe ; préparez une pièce d’identité et vos coordonnées bancaires.',
  'cards.is.incomplete': 'On ne peut pas encore payer par carte : Stripe a besoin d’autre chose.',
  'cards.is.checking':
    'Stripe regarde ce que vous avez donné. Cela prend quelques minutes, parfois deux jours ; un message vous prévient à la fin.',
  'cards.is.active': 'On peut vous payer par carte sur la page de chaque produit qui a un prix pour cela.',
  'cards.is.rejected':
    'Stripe n’accepte pas la carte pour vous : il ne sert pas votre pays ou votre activité, ou il a refusé le compte. Sa page dit pourquoi.',
  'cards.is.disconnected': 'On ne peut pas payer par carte.',
  'cards.fee':
    'Sur chaque vente par carte, l’exploitant de la boutique prélève {fee}. Les frais de Stripe s’y ajoutent.',
  'statement.title': 'Relevé du mois',
  'statement.why':
    'Vos ventes, d’après les reçus et factures du mois (UTC). Le fichier a une ligne pour chacun, pour votre comptable.',
  'statement.before': 'Mois précédent',
  'statement.after': 'Mois suivant',
  'statement.none': 'Rien n’a été vendu, rendu ni versé ce mois-ci',
  'statement.file': 'Recevoir le fichier (CSV)',
  'statement.sold': 'Vendu',
  'statement.back': 'Rendu',
  'statement.net': 'Net',
  'statement.paid': 'Versé sur votre compte',
  'statement.sales.one': '{count} vente',
  'statement.sales.other': '{count} ventes',
  'statement.refunds.one': '{count} remboursement',
  'statement.refunds.other': '{count} remboursements',
  'cards.tax': 'TVA',
  'cards.tax.off':
    'Stripe Tax peut calculer la TVA de chaque vente par carte. Vos prix restent ce que paient les acheteurs : la TVA y est comprise, et figure sur les reçus, les factures et votre relevé du mois. Inscrivez-vous d’abord à Stripe Tax dans votre tableau de bord ; Stripe prend pour cela des frais à part.',
  'cards.tax.asked':
    'En attente de Stripe Tax : donnez votre siège et une immatriculation sous « Tax » dans votre tableau de bord Stripe, puis vérifiez de nouveau. D’ici là, aucune TVA n’est calculée.',
  'cards.tax.on':
    'Stripe Tax calcule la TVA de chaque nouvelle vente par carte. Les abonnements déjà en cours restent sans TVA : Stripe n’en change aucun de lui-même, car il doit savoir où habite chaque acheteur. Déplacez-les dans votre tableau de bord Stripe, sous « Tax », « Migrations » ; cela compte dès leur prochain débit. Faites-y compter les prix taxes comprises, et les membres paient ce qu’ils payaient.',
  'cards.tax.ask': 'Calculer la TVA',
  'cards.tax.again': 'Vérifier de nouveau',
  'cards.tax.end': 'Ne plus calculer la TVA',
  'statement.vat': 'Dont TVA',
} as const;
