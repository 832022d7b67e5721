import type { FingerprintBody } from '../api/types.ts';

const DATABASE = 'comptoir';
const STORE = 'kept';
const HEADROOM = 1.1; // browsers refuse before the quota is quite full

/** What this browser keeps of an unfinished upload, so that it goes on without asking for the file. */
export interface SavedUpload {
  upload: string;
  fingerprint: FingerprintBody;
  /** A handle is a promise to read, not a copy; the browser asks the person again after a restart. */
  handle?: FileSystemFileHandle;
  /** The file's own bytes, only while its payment is awaited. */
  copy?: File;
}

function ask<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function withStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'upload' });
  const database = await ask(opening);
  try {
    return await ask(use(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** False when the browser will not keep it (private window, no room): the upload goes on without. */
export async function save(saved: SavedUpload): Promise<boolean> {
  try {
    await withStore('readwrite', (store) => store.put(saved));
    return true;
  } catch (error) {
    if (error instanceof DOMException || error instanceof ReferenceError) return false;
    throw error;
  }
}

export async function findSaved(upload: string): Promise<SavedUpload | undefined> {
  try {
    return await withStore<SavedUpload | undefined>('readonly', (store) => store.get(upload));
  } catch (error) {
    if (error instanceof DOMException || error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Frees the room that an upload took here, once the shop has its file or nobody wants it. */
export async function release(upload: string): Promise<void> {
  try {
    await withStore('readwrite', (store) => store.delete(upload));
  } catch (error) {
    if (error instanceof DOMException || error instanceof ReferenceError) return;
    throw error;
  }
}

/** Whether the browser says it has room for a copy of `size` bytes. */
export async function hasRoomFor(size: number): Promise<boolean> {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage > size * HEADROOM;
}

/** The file behind a kept handle or copy; null when the person must pick it again. Ask from a click. */
export async function reopen(saved: SavedUpload, askPerson: boolean): Promise<File | null> {
  if (saved.copy) return saved.copy;
  if (!saved.handle) return null;
  const wish = { mode: 'read' } as const;
  try {
    const granted = await (askPerson
      ? saved.handle.requestPermission(wish)
      : saved.handle.queryPermission(wish));
    return granted === 'granted' ? await saved.handle.getFile() : null;
  } catch (error) {
    // The file was moved or deleted, or the browser withdrew the handle.
    if (error instanceof DOMException) return null;
    throw error;
  }
}
