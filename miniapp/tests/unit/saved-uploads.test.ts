import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { findSaved, hasRoomFor, release, reopen, save } from '../../src/uploads/saved-uploads.ts';

const fingerprint = { size: 5, modified: 1, slices: ['a', 'b', 'c'] };

test('what is kept is found again until it is released', async () => {
  expect(await findSaved('u1')).toBeUndefined();
  expect(await save({ upload: 'u1', fingerprint })).toBe(true);
  expect(await findSaved('u1')).toEqual({ upload: 'u1', fingerprint });
  await release('u1');
  expect(await findSaved('u1')).toBeUndefined();
});

test('room is what the browser says it has, with a little to spare', async () => {
  const estimate = vi.fn().mockResolvedValue({ quota: 1000, usage: 400 });
  vi.stubGlobal('navigator', { storage: { estimate } });
  expect(await hasRoomFor(500)).toBe(true);
  expect(await hasRoomFor(580)).toBe(false);
  vi.stubGlobal('navigator', {});
  expect(await hasRoomFor(1)).toBe(false);
  vi.unstubAllGlobals();
});

test('a handle that is not permitted, or whose file has gone, gives no file', async () => {
  const handle = (permission: PermissionState) =>
    ({
      queryPermission: async () => permission,
      requestPermission: async () => 'granted',
      getFile: async () => {
        throw new DOMException('moved', 'NotFoundError');
      },
    }) as unknown as FileSystemFileHandle;
  expect(await reopen({ upload: 'u', fingerprint }, false)).toBeNull();
  expect(await reopen({ upload: 'u', fingerprint, handle: handle('prompt') }, false)).toBeNull();
  expect(await reopen({ upload: 'u', fingerprint, handle: handle('granted') }, true)).toBeNull();
});
