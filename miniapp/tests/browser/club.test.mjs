// Memberships, members and the market, as their people use them.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { memberships, notices, people } from './club.mjs';
import { findBarriers, openPage, openStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());
beforeEach(() => {
  stage.shop.club = { memberships: memberships(), notices: notices(), people: people() };
  Object.assign(stage.shop.knobs, { asked: false, slowLink: 0, noRenewal: null, roles: ['seller', 'admin'] });
  Object.assign(stage.shop.seen, { acts: [], searches: [], bans: [] });
});

const until = (page, name, wanted) =>
  page.waitForFunction(
    ([event, expected]) =>
      Object.entries(expected).every(([key, value]) => window.telegram.last(event)?.[key] === value),
    [name, wanted],
  );
const card = (page, title) => page.locator('li.card', { has: page.getByRole('heading', { name: title }) });
const press = (scope, name) => scope.getByRole('button', { name }).click();
const membersPage = (options) => openPage(stage, { path: '/memberships', ...options });

test('every state of a membership is said, with what can be done about it', async () => {
  const { page, context, faults } = await membersPage();
  const said = {
    'Couture privée': ['encore 21 jours', 'Vous y êtes'],
    'Cuisine du marché': ['9 jours gardés pour votre retour', 'Reprendre'],
    Essai: ['encore 1 jour', 'Renouveler'],
    Jardin: ['Annulé', 'Finalement, je reste'],
    Lecture: ['Renouvelez avant le 1 déc. 2026', 'Renouveler'],
    Chorale: ['à votre première entrée'],
    Échecs: ['Terminé le 1 déc. 2026', 'Payer sur le web'],
    Poker: ['Message hostile'],
  };
  for (const [title, words] of Object.entries(said))
    for (const word of words) await card(page, title).getByText(word).first().waitFor();
  const bar = card(page, 'Couture privée').getByRole('progressbar');
  assert.equal(await bar.getAttribute('aria-valuenow'), '70');
  assert.equal(await bar.getAttribute('aria-valuetext'), 'encore 21 jours');
  assert.equal(await card(page, 'Poker').getByRole('button').count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test('a membership is cancelled only after a second press, and kept again', async () => {
  const { page, context } = await membersPage();
  const mine = card(page, 'Couture privée');
  await press(mine, 'Annuler');
  await mine.getByText('Vous gardez votre accès jusqu’au').waitFor();
  assert.deepEqual(stage.shop.seen.acts, []);
  assert.deepEqual(await findBarriers(page), []);
  await press(mine, 'Oui, annuler à la fin');
  await press(mine, 'Finalement, je reste');
  await mine.getByRole('button', { name: 'Annuler' }).waitFor();
  assert.deepEqual(stage.shop.seen.acts, ['cancel/1', 'undo/1']);
  await context.close();
});

test('a subscription is said to end when Telegram has stopped charging, and not before', async () => {
  stage.shop.knobs.asked = true;
  const { page, context } = await membersPage();
  const mine = card(page, 'Nuits étoilées');
  await press(mine, 'Annuler');
  await press(mine, 'Oui, annuler à la fin');
  await mine.getByText('Telegram est prié de ne plus débiter').waitFor();
  await mine.getByText('Actif').waitFor();
  await context.close();
});

test('joining opens the way in inside Telegram, as soon as there is one', async () => {
  stage.shop.knobs.slowLink = 2;
  const { page, context } = await membersPage({ telegram: true });
  await press(page, 'Rejoindre Questions à l’atelier');
  await until(page, 'web_app_open_tg_link', { path_full: '/+questions' });
  await press(page, 'Rejoindre Nuits étoilées');
  await until(page, 'web_app_open_tg_link', { path_full: '/+way-in-3' });
  assert.deepEqual(stage.shop.seen.acts, ['join/2']);
  await context.close();
});

test('renewing has Telegram open the invoice, and says how it ended', async () => {
  const { page, context } = await membersPage({ telegram: true });
  const mine = card(page, 'Échecs');
  const ends = { failed: 'rien n’a été débité', pending: 'Le paiement est en cours', paid: 'Payé.' };
  for (const [status, words] of Object.entries(ends)) {
    await page.evaluate(() => window.telegram.asked.splice(0));
    await press(mine, /Renouveler · 500/);
    await until(page, 'web_app_open_invoice', { slug: 'invoice' });
    await page.evaluate(
      (told) => window.telegram.tell('invoice_closed', { slug: 'invoice', status: told }),
      status,
    );
    await mine.getByText(words).waitFor();
  }
  assert.deepEqual(stage.shop.seen.acts, ['renew/8', 'renew/8', 'renew/8']);
  const detail = 'La boutique est occupée. Réessayez dans quelques secondes.';
  stage.shop.knobs.noRenewal = [503, { status: 503, detail }];
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
  const { page, context, faults } = await openPage(stage, { path: '/members' });
  await page.getByText('4 membres').waitFor();
  await page.getByLabel('Nom ou @identifiant').focus();
  await page.keyboard.type('awa');
  await page.getByText('1 membre', { exact: true }).waitFor();
  await page.getByLabel('État').selectOption('past_due');
  await page.getByLabel('Abonnement').selectOption('1');
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.includes('plan=1')),
  );
  assert.equal(stage.shop.seen.searches.at(-1), '?page=1&words=awa&state=past_due&plan=1');
  await page.getByLabel('Nom ou @identifiant').fill('personne');
  await page.getByText('Essayez avec moins de mots').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('a channel is compared with its payments when it is asked for', async () => {
  const { page, context } = await openPage(stage, { path: '/members' });
  await press(page, 'Canaux');
  await press(page, /^Comparer avec les paiements.: Patrons/);
  await page.getByText('52 personnes sont là sans abonnement').waitFor();
  await page.getByText('et 50 autres').waitFor();
  await page.getByText('1 membre n’est pas là').waitFor();
  await page.getByText('Il manque un droit au bot : bannir des membres').waitFor();
  await page.getByText('Quelqu’un est venu par le lien d’un membre').waitFor();
  assert.deepEqual(await findBarriers(page), []);
  await context.close();
});

test('a person is banned for a reason, and let in again', async () => {
  const { page, context } = await openPage(stage, { path: '/people' });
  await page.getByRole('button', { name: 'Bannir' }).first().click();
  assert.equal(await page.getByRole('button', { name: 'Bannir cette personne' }).isDisabled(), true);
  await page.getByLabel('Motif, pour le journal d’audit').fill('Spam');
  assert.deepEqual(await findBarriers(page), []);
  await press(page, 'Bannir cette personne');
  const first = page.locator('li.card').first();
  await first.getByText('Banni', { exact: true }).waitFor();
  assert.deepEqual(stage.shop.seen.bans, ['Spam']);
  await press(first, 'Rétablir');
  await first.getByRole('button', { name: 'Bannir' }).waitFor();
  const staff = page.locator('li.card').filter({ hasText: 'support' });
  assert.deepEqual([await staff.count(), await staff.getByRole('button').count()], [1, 0]);
  await context.close();
});

test('the market is for admins: they find it without a shop, and sellers do not see it', async () => {
  const { knobs } = stage.shop;
  const { shop } = knobs;
  const { page, context } = await openPage(stage, { path: '/sales' });
  await page.getByRole('link', { name: 'Marché' }).click();
  await press(page, 'Aujourd’hui');
  await page.getByRole('img', { name: /Ventes par heure/ }).waitFor();
  await press(page, 'Signés');
  await page.getByText('adresses du stockage signées').waitFor();
  await page.getByText('cours-de-nuit-partie-1.mp4').waitFor();
  knobs.shop = null;
  await page.reload();
  await page.getByRole('link', { name: 'Ventes' }).click();
  await page.getByRole('heading', { name: 'Le marché' }).waitFor();
  Object.assign(knobs, { shop, roles: ['seller'] });
  await page.reload();
  await page.getByRole('link', { name: 'Ventes' }).click();
  await page.getByRole('link', { name: 'Membres' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Marché' }).count(), 0);
  await context.close();
});
