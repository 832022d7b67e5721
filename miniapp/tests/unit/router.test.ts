import { expect, test } from 'vitest';
import { readEntry, readRoute } from '../../src/router.ts';

test.each([
  ['/products', { screen: 'products' }],
  ['/products/new', { screen: 'new' }],
  ['/products/12/edit', { screen: 'edit', product: 12 }],
  ['/upload', { screen: 'upload', product: null, replaces: null }],
  ['/upload?product=12&replaces=a-b', { screen: 'upload', product: 12, replaces: 'a-b' }],
  ['/p/nuit%20noire', { screen: 'view', slug: 'nuit noire' }],
  ['/library', { screen: 'library' }],
  ['/sales', { screen: 'sales' }],
  ['/orders', { screen: 'orders' }],
  ['/orders/CMT-000012', { screen: 'order', number: 'CMT-000012' }],
  ['/memberships', { screen: 'memberships' }],
  ['/members', { screen: 'members' }],
  ['/numbers', { screen: 'numbers' }],
  ['/people', { screen: 'people' }],
  ['/nowhere/12', { screen: 'products' }],
  ['', { screen: 'products' }],
])('%s leads to its screen', (path, route) => {
  expect(readRoute(path)).toEqual(route);
});

test('a link to the Mini App names the screen by go, or by the start parameter', () => {
  expect(readEntry('?go=%2Fupload%3Fproduct%3D12', undefined, '/library')).toBe('/upload?product=12');
  expect(readEntry('', 'p_nuit', '/library')).toBe('/p/nuit');
  expect(readEntry('', 'library', '/products')).toBe('/library');
  expect(readEntry('?go=javascript:alert(1)', undefined, '/library')).toBe('/library');
});
