import type { enSales } from './en-sales.ts';

/** French, of single sales and giving their money back. */
export const frSales: Record<keyof typeof enSales, string> = {
  'orders.title': 'Toutes les ventes',
  'orders.one': 'Vente {number}',
  'orders.open': 'Ouvrir {number}',
  'orders.line': '{price} · {rail} · {date}',
  'orders.paid': 'Payée par {rail} le {date}',
  'orders.buyer': 'Acheteur',
  'orders.nobody': 'L’acheteur ne l’a pas encore réclamée dans Telegram.',
  'orders.access': 'Ce qui a été acheté peut être utilisé.',
  'orders.noAccess': 'Personne ne peut utiliser ce qui a été acheté.',
  'order.paid': 'Payée',
  'order.delivered': 'Livrée',
  'order.refunded': 'Remboursée',
  'refund.begin': 'Rendre de l’argent',
  'refund.scope': 'Combien',
  'refund.whole': 'Tout',
  'refund.part': 'Une partie',
  'refund.amount': 'Somme en {currency}',
  'refund.left': '{left} peuvent être rendus.',
  'refund.wrong': 'Écrivez une somme positive, {left} au plus.',
  'refund.reason': 'Pourquoi',
  'refund.reasonHint': 'L’acheteur le lira.',
  'refund.endAccess': 'Mettre fin maintenant à l’accès de l’acheteur',
  'refund.fate.ends':
    'C’est tout ce qui reste du prix. Dès que Stripe l’a fait, en général dans la minute, l’accès de l’acheteur prend fin.',
  'refund.fate.endsNow': 'L’accès de l’acheteur prend fin aussitôt.',
  'refund.fate.stays': 'L’acheteur garde ce qu’il a acheté.',
  'refund.fate.over': 'L’accès de l’acheteur a déjà pris fin ; cela ne change pas.',
  'refund.cost':
    'L’argent sort de votre compte Stripe. La commission de la boutique vous revient en proportion, les frais de Stripe non. C’est définitif.',
  'refund.yes': 'Rendre {amount}',
  'refund.wanted': 'Demandé à Stripe',
  'refund.pending': 'En route',
  'refund.succeeded': 'Rendu',
  'refund.failed': 'N’a pas atteint l’acheteur',
};
