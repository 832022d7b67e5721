import type { enSettings } from './en-settings.ts';

/** Français : les réglages. */
export const frSettings: Record<keyof typeof enSettings, string> = {
  'settings.title': 'Réglages',
  'settings.language': 'Langue de la boutique et du bot',
  'mail.title': 'E-mail',
  'mail.off': 'Cette boutique n’envoie pas d’e-mails. Tout vous parvient dans Telegram et ici.',
  'mail.why':
    'Donnez une adresse pour être prévenu aussi par e-mail. Nous y demandons d’abord si elle est bien à vous.',
  'mail.label': 'Votre adresse e-mail',
  'mail.example': 'Par exemple nom@exemple.fr',
  'mail.send': 'M’envoyer un lien de confirmation',
  'mail.state.asked': 'À confirmer',
  'mail.state.confirmed': 'Confirmée',
  'mail.state.stopped': 'Arrêtée',
  'mail.state.refused': 'Injoignable',
  'mail.is.asked':
    'Un lien part vers {address}. Ouvrez-le dans les 3 jours ; d’ici là, rien d’autre n’y est envoyé. Rien reçu ? Regardez parmi les indésirables, ou faites-le renvoyer.',
  'mail.is.confirmed': 'Les e-mails vont à {address}. Vous choisissez lesquels ci-dessous.',
  'mail.is.stopped':
    'Par le lien d’un de nos e-mails, {address} n’en voulait plus. Pour en recevoir à nouveau, confirmez-la une fois de plus.',
  'mail.is.refused':
    'Le serveur de messagerie dit que {address} n’existe pas : rien n’y est envoyé. Vérifiez l’orthographe, ou donnez-en une autre.',
  'mail.again': 'Renvoyer le lien',
  'mail.restart': 'Recevoir à nouveau des e-mails',
  'mail.other': 'Une autre adresse',
  'mail.remove': 'Retirer l’adresse',
  'mail.removeAsk':
    'Plus rien n’ira à {address}, et la boutique l’oublie. Pour recevoir à nouveau des e-mails, vous la donnerez et la confirmerez une fois de plus.',
  'mail.removeYes': 'Oui, la retirer',
  'mail.keep': 'La garder',
  'choices.title': 'Ce qu’on vous annonce',
  'choices.hint': 'Ici, sous Nouvelles, tout figure de toute façon.',
  'choices.mailWaits': 'Les e-mails commencent dès qu’une adresse est confirmée.',
  'choices.telegram': 'Telegram',
  'choices.email': 'E-mail',
  'choices.named': '{kind} : {way}',
  'legal.title': 'Mes factures',
  'legal.why':
    'Qui vend, selon la loi, tel qu’il figurera sur les factures des ventes suivantes. D’ici là, vos acheteurs reçoivent un reçu au nom de votre boutique. Laissez tout vide pour ne plus faire de factures.',
  'legal.name': 'Nom légal',
  'legal.nameHint': 'Votre nom, ou celui de votre société',
  'legal.address': 'Adresse',
  'legal.addressHint': 'Rue, code postal, ville, pays',
  'legal.vat_number': 'Numéro de TVA',
  'legal.vat_numberHint': 'Si vous en avez un, par exemple FR40123456789',
  'legal.keep': 'Enregistrer',
  'legal.kept': 'Voici ce qui figure désormais sur vos factures.',
  'legal.none': 'Vos ventes suivantes auront un reçu, pas de facture.',
  'fee.title': 'Frais mensuels',
  'fee.is.paid':
    'Les frais de votre boutique sont payés jusqu’au {date}. Un mois payé d’avance s’ajoute à la suite.',
  'fee.is.lacking':
    'Les frais de votre boutique étaient à payer le {date}. Payez-les, sinon elle fermera ; le bot vous a écrit quand.',
  'fee.is.suspended':
    'Votre boutique est fermée jusqu’au paiement de ses frais mensuels, dus le {date}. Ce que l’on y a acheté reste acquis.',
  'fee.pay': 'Payer un mois : {price}',
  'fee.noWay':
    'Il n’y a aucun moyen de les payer en ce moment ; votre boutique n’est donc pas fermée pour cela. Écrivez au support.',
};
