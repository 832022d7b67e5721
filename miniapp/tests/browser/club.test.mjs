// Memberships, members and the market, as their people use them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findBarriers, openPage, openStage, photograph } from './stage.mjs';

const DAY = 86_400_000; // milliseconds

let stage;
before(async () => {
  stage = await openStage({ filled: true });
});
after(() => stage.close());

const until = (page, name, fields) =>
  page.waitForFunction(
    ([event, expected]) =>
      Object.entries(expected).every(([key, value]) => window.telegram.last(event)?.[key] === value),
    [name, fields],
  );
const card = (page, title) => page.locator('li.card', { has: page.getByRole('heading', { name: title }) });
const press = (scope, name) => scope.getByRole('button', { name }).click();
/** The memberships of somebody new, who has one in every state. */
async function membersPage(options) {
  const member = await stage.shop.do('new_member');
  const opened = await openPage(stage, { path: '/memberships', person: member, ...options });
  return { ...opened, memberships: member.memberships };
}

/** The date so many days from now, as the page writes it. */
const dateIn = (days) =>
  new Intl.DateTimeFormat('fr', { dateStyle: 'medium' }).format(new Date(Date.now() + days * DAY));

test('every state of a membership is said, with what can be done about it', async () => {
  const { page, context, faults } = await membersPage();
  const sentences = {
    'Couture privée': ['encore 21 jours', 'Vous y êtes'],
    'Cuisine du marché': ['9 jours gardés pour votre retour', 'Reprendre'],
    Essai: ['encore 1 jour', 'Renouveler'],
    Jardin: ['Résilié', 'Finalement, je reste'],
    Lecture: [`Renouvelez avant le ${dateIn(2)}`, 'Renouveler'],
    Chorale: ['à votre première entrée'],
    Échecs: [`Terminé le ${dateIn(-10)}`],
    Poker: ['Message hostile'],
    Poterie: ['À vous pour toujours', 'Rejoindre'],
  };
  for (const [title, words] of Object.entries(sentences))
    for (const word of words) await card(page, title).getByText(word).first().waitFor();
  const bar = card(page, 'Couture privée').getByRole('progressbar');
  assert.equal(await bar.getAttribute('aria-valuenow'), '70');
  assert.equal(await bar.getAttribute('aria-valuetext'), 'encore 21 jours');
  assert.equal(await card(page, 'Poker').getByRole('button').count(), 0);
  for (const act of ['Renouveler', 'Résilier'])
    assert.equal(await card(page, 'Poterie').getByRole('button', { name: act }).count(), 0, act);
  assert.equal(
    await page.getByText('Payer sur le web').count(),
    0,
    'inside Telegram the policy offers Stars',
  );
  assert.deepEqual(faults, []);
  await context.close();
});

test('a membership is cancelled only after a second press, and kept again', async () => {
  const { page, context, seen, memberships } = await membersPage();
  const mine = card(page, 'Couture privée');
  await press(mine, 'Résilier');
  await mine.getByText('Vous gardez votre accès jusqu’au').waitFor();
  assert.deepEqual(seen.acts, []);
  assert.deepEqual(await findBarriers(page), []);
  await press(mine, 'Oui, résilier à la fin');
  await press(mine, 'Finalement, je reste');
  await mine.getByRole('button', { name: 'Résilier' }).waitFor();
  const id = memberships['Couture privée'];
  assert.deepEqual(seen.acts, [`cancel/${id}`, `undo/${id}`]);
  await context.close();
});

test('a subscription is said to end when Telegram has stopped charging, and not before', async () => {
  const { page, context } = await membersPage();
  const mine = card(page, 'Nuits étoilées');
  await press(mine, 'Résilier');
  await press(mine, 'Oui, résilier à la fin');
  await mine.getByText('Telegram est prié de ne plus débiter').waitFor();
  await mine.getByText('Actif').waitFor();
  await context.close();
});

test('what a card pays is said to be asked of Stripe, whose page is one press away', async () => {
  const { page, context } = await membersPage({ telegram: true });
  const mine = card(page, 'Photographie');
  await mine.getByText('Votre carte est débitée à chaque fin de période').waitFor();
  await context.route('**/portal', (route) =>
    route.fulfill({ json: { url: 'https://billing.stripe.com/p/1' } }),
  );
  await press(mine, 'Carte et factures');
  await until(page, 'web_app_open_link', { url: 'https://billing.stripe.com/p/1' });
  await press(mine, 'Résilier');
  await press(mine, 'Oui, résilier à la fin');
  await mine.getByText('Stripe est prié de ne plus débiter').waitFor();
  assert.equal(await mine.getByText('Telegram est prié').count(), 0);
  await context.close();
});

test('another plan is changed to for what was shown, and not before', async () => {
  const { page, context } = await membersPage();
  const mine = card(page, 'Photographie');
  const agreed = [];
  const now = Math.floor(Date.now() / 1000);
  await context.route('**/plans/*/price', (route) =>
    route.fulfill({ json: { due: { amount: 450, currency: 'EUR' }, prorated_at: now } }),
  );
  page.on('request', (request) => {
    if (/\/plans\/\d+$/.test(request.url())) agreed.push(request.postDataJSON());
  });
  await press(mine, 'Changer de formule');
  await press(mine, /Labo photo · 9,99/);
  await mine.getByText('4,50').first().waitFor();
  assert.deepEqual(agreed, []);
  assert.deepEqual(await findBarriers(page), []);
  await photograph(page, 'plans');
  await press(mine, /Changer, 4,50/);
  await mine.getByText('Le changement est en cours').waitFor();
  assert.deepEqual(agreed, [{ prorated_at: now, due: 450 }]);
  await context.close();
});

test('joining opens the way in inside Telegram, as soon as there is one', async () => {
  const { page, context, seen, memberships } = await membersPage({ telegram: true });
  const { 'Couture privée': sewing, 'Nuits étoilées, le cercle des photographes': nights } = memberships;
  await press(page, 'Rejoindre Questions à l’atelier');
  await until(page, 'web_app_open_tg_link', { path_full: `/+questions-${sewing}` });
  await press(page, 'Rejoindre Nuits étoilées');
  await until(page, 'web_app_open_tg_link', { path_full: `/+way-in-${nights}` });
  assert.deepEqual(seen.acts, [`join/${nights}`]);
  await context.close();
});

test('renewing has Telegram open the invoice, and says how it ended', async () => {
  const { page, context, seen, memberships } = await membersPage({ telegram: true });
  const mine = card(page, 'Échecs');
  const ends = { failed: 'rien n’a été débité', pending: 'Le paiement est en cours', paid: 'Payé.' };
  for (const [status, words] of Object.entries(ends)) {
    await page.evaluate(() => window.telegram.events.splice(0));
    await press(mine, /Renouveler · 500/);
    await until(page, 'web_app_open_invoice', { slug: 'invoice' });
    await page.evaluate(
      (outcome) => window.telegram.tell('invoice_closed', { slug: 'invoice', status: outcome }),
      status,
    );
    await mine.getByText(words).waitFor();
  }
  const renewal = `renew/${memberships.Échecs}`;
  assert.deepEqual(seen.acts, [renewal, renewal, renewal]);
  const detail = 'La boutique est occupée. Réessayez dans quelques secondes.';
  await context.route('**/renew', (route) => route.fulfill({ status: 503, json: { status: 503, detail } }));
  await press(mine, /Renouveler · 500/);
  await mine.getByText(detail).waitFor();
  await context.close();
});

test('news that was not read is counted, and read', async () => {
  const { page, context } = await membersPage();
  await page.getByText('1 non lue').waitFor();
  await press(page, 'Marquer comme lues');
  await page.getByText('1 non lue').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Marquer comme lues' }).count(), 0);
  await context.close();
});

test('a seller finds members by words, state and plan, with the keyboard', async () => {
  const { page, context, faults, seen } = await openPage(stage, { path: '/members' });
  const plan = String(stage.shop.plans.sewing);
  await page.getByText('4 membres').waitFor();
  await page.getByLabel('Nom ou @identifiant').focus();
  await page.keyboard.type('awa');
  await page.getByText('1 membre', { exact: true }).waitFor();
  await page.getByLabel('État').selectOption('past_due');
  await page.getByLabel('Abonnement').selectOption(plan);
  await page.waitForFunction(
    (query) => performance.getEntriesByType('resource').some(({ name }) => name.includes(query)),
    `plan=${plan}`,
  );
  assert.equal(seen.searches.at(-1), `?page=1&words=awa&state=past_due&plan=${plan}`);
  await page.getByLabel('Nom ou @identifiant').fill('personne');
  await page.getByText('Essayez avec moins de mots').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('a seller puts a member out for a reason after a second press, and lets them in again', async () => {
  const { page, context, faults } = await openPage(stage, { path: '/members' });
  await page.getByText('4 membres').waitFor();
  const line = page.locator('ul.files > li').first();
  await press(line, 'Exclure');
  await press(line, 'Annuler');
  await press(line, 'Exclure');
  await line.getByLabel('Motif, que la personne lit').selectOption('abuse');
  await line.getByLabel('Quelques mots à côté').fill('Insultes répétées');
  assert.deepEqual(await findBarriers(page), []);
  await photograph(page, 'put-out');
  await press(line, 'Exclure maintenant');
  await press(line, 'Laisser rentrer');
  await line.getByRole('button', { name: 'Exclure' }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('a channel is compared with its payments when it is asked for', async () => {
  const { page, context } = await openPage(stage, { path: '/members' });
  await press(page, 'Canaux');
  await press(page, /^Comparer avec les paiements.: Patrons/);
  await page.getByText('52 personnes sont là sans abonnement').waitFor();
  await page.getByText('et 2 autres').waitFor();
  await page.getByText('1 membre n’est pas là').waitFor();
  await page.getByText('Il manque un droit au bot : bannir des membres').waitFor();
  await page.getByText('Quelqu’un est venu par le lien d’un membre').waitFor();
  assert.deepEqual(await findBarriers(page), []);
  await context.close();
});

test('a person is banned for a reason, and let in again', async () => {
  const { page, context, seen } = await openPage(stage, { path: '/people' });
  await page.getByRole('button', { name: 'Bannir' }).first().click();
  assert.equal(await page.getByRole('button', { name: 'Bannir cette personne' }).isDisabled(), true);
  await page.getByLabel('Motif, pour le journal d’audit').fill('Spam');
  assert.deepEqual(await findBarriers(page), []);
  await press(page, 'Bannir cette personne');
  const first = page.locator('li.card').first();
  await first.getByText('Banni', { exact: true }).waitFor();
  assert.deepEqual(seen.bans, ['Spam']);
  await press(first, 'Rétablir');
  await first.getByRole('button', { name: 'Bannir' }).waitFor();
  // By name: how many others were made since the shop was filled is the other tests' matter.
  await page.getByRole('searchbox').fill('Soutien');
  const staff = page.locator('li.card').filter({ hasText: 'Soutien' });
  await staff.waitFor();
  assert.deepEqual([await staff.count(), await staff.getByRole('button').count()], [1, 0]);
  await context.close();
});

test('the market is for admins: they find it without a shop, and sellers do not see it', async () => {
  const { people } = stage.shop;
  const { page, context } = await openPage(stage, { path: '/sales' });
  await page.getByRole('link', { name: 'Marché' }).click();
  await press(page, 'Aujourd’hui');
  await page.getByRole('img', { name: /Ventes par heure/ }).waitFor();
  await press(page, 'Signés');
  await page.getByText('adresses du stockage signées').waitFor();
  await page.getByText('cours-de-nuit-partie-1.mp4').waitFor();
  await context.close();
  const admin = await openPage(stage, { path: '/sales', person: people.admin });
  await admin.page.getByRole('link', { name: 'Ventes', exact: true }).click();
  await admin.page.getByRole('heading', { name: 'Le marché' }).waitFor();
  await admin.context.close();
  const plain = await openPage(stage, { path: '/sales', person: people.plain });
  await plain.page.getByRole('link', { name: 'Ventes', exact: true }).click();
  await plain.page.getByRole('link', { name: 'Membres' }).waitFor();
  assert.equal(await plain.page.getByRole('link', { name: 'Marché' }).count(), 0);
  await plain.context.close();
});
