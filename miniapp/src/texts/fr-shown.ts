import type { enShown } from './en-shown.ts';

/** Ce qui est visible d’un fichier avant l’achat. */
export const frShown: Record<keyof typeof enShown, string> = {
  'shown.now': 'Visible avant l’achat : {choice}',
  'shown.ask': 'Ce que l’on voit de {name}',
  'shown.automatic': 'Automatique',
  'shown.automaticHelp':
    'une petite partie du fichier : au plus un quart de la largeur et de la hauteur d’une image, un dixième d’un texte ou des pages d’un document, le volume sonore d’un dixième d’un son, des images et six secondes muettes d’une vidéo.',
  'shown.own': 'Extrait',
  'shown.ownHelp':
    'un fichier que vous envoyez pour cela, jusqu’à {max}, sans frais. On en montre une image jusqu’à 1 280 pixels, 4 pages, 200 lignes, le volume sonore de 30 secondes, et d’une vidéo des images de tout son long et ses 15 premières secondes, muettes. On y lit que c’est un extrait ; il est supprimé si vous faites un autre choix.',
  'shown.none': 'Rien',
  'shown.noneHelp': 'seulement le nom et la taille du fichier.',
  'shown.send': 'Envoyer un extrait',
  'shown.sendAnother': 'Envoyer un autre extrait',
  'shown.sendHint': 'Tout le monde pourra le voir. Jusqu’à {max} ; visible une fois vérifié.',
  'shown.sent': '« {name} » est accepté. Les acheteurs le verront dans un instant comme votre extrait.',
};
