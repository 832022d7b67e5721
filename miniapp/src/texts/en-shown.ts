/** What is shown of a file before it is bought. */
export const enShown = {
  'shown.now': 'Shown before buying: {choice}',
  'shown.ask': 'What buyers see of {name}',
  'shown.automatic': 'Automatic',
  'shown.automaticHelp':
    'a small part of the file: at most a quarter of a picture’s width and height, a tenth of a text or of a document’s pages, the loudness of a tenth of a sound, pictures and six silent seconds of a film.',
  'shown.own': 'Own sample',
  'shown.ownHelp':
    'a file that you send for this, up to {max}, at no fee. Shown are a picture up to 1,280 pixels, 4 pages, 200 lines, the loudness of 30 seconds, and of a film pictures from all of it and its first 15 seconds, silent. Buyers read that it is a sample; it is removed if you choose something else.',
  'shown.none': 'Nothing',
  'shown.noneHelp': 'the name and size of the file alone.',
  'shown.send': 'Send a sample',
  'shown.sendAnother': 'Send another sample',
  'shown.sendHint': 'Everybody may see it. Up to {max}; shown once it is checked.',
  'shown.sent': '“{name}” is accepted. Buyers see it as your sample in a moment.',
};
