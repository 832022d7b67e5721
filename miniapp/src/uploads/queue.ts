import { effect } from '@preact/signals';
import type { Api } from '../api/calls.ts';
import { ApiError } from '../api/errors.ts';
import type { SessionAnswer } from '../api/types.ts';
import { formatDate, formatSize } from '../format.ts';
import { say } from '../language.ts';
import { explain } from '../problems.ts';
import { buzz, guardClosing } from '../telegram.ts';
import { Engine } from './engine.ts';
import { isSameFile, takeFingerprint } from './fingerprint.ts';
import { busyCount, find, insert, items, patch, remove, type Target } from './items.ts';
import { Lifecycle } from './lifecycle.ts';
import { persist } from './retries.ts';
import { findSaved, reopen } from './saved-uploads.ts';

/** A file as it was picked; a handle lets it be opened again after a restart. */
export interface Picked {
  file: File;
  handle: FileSystemFileHandle | null;
}

/** The upload queue: what a person may do to it. It lives as long as the page, whatever screen is shown. */
export class Uploads {
  #api: Api;
  #limits: SessionAnswer['limits'];
  #lifecycle: Lifecycle;
  #picked = new Map<number, Picked>();
  #aborts = new Map<number, AbortController>();

  constructor(api: Api, { limits }: SessionAnswer) {
    this.#api = api;
    this.#limits = limits;
    this.#lifecycle = new Lifecycle(api, new Engine(api, limits.part_batch));
    effect(() => guardClosing(busyCount.value > 0));
  }

  /** Queues files and starts them; one that an unfinished upload waits for continues that upload. */
  async add(picked: Picked[], target: Target): Promise<void> {
    for (const each of picked) {
      const waiting = await this.#findWaiting(each.file, target);
      if (waiting !== null) this.#start(waiting, each);
      else this.#start(insert(each.file, target).id, each);
    }
  }

  /** The local file behind an item, to be looked at while it is not uploaded yet. */
  fileOf(id: number): File | null {
    return this.#picked.get(id)?.file ?? null;
  }

  pause(id: number): void {
    this.#stop(id);
    patch(id, { phase: 'paused', speed: 0 });
  }

  /** Goes on after a pause or a failure: only what the store lacks is sent. */
  resume(id: number): void {
    const picked = this.#picked.get(id);
    if (picked) this.#start(id, picked);
    else patch(id, { phase: 'needs_file', error: null });
  }

  pauseAll(): void {
    for (const item of items.value) if (item.phase === 'sending') this.pause(item.id);
  }

  resumeAll(): void {
    for (const item of items.value) if (item.phase === 'paused') this.resume(item.id);
  }

  /** Takes it out of the queue for good, here and in the store. */
  async cancel(id: number): Promise<void> {
    const { upload } = find(id);
    this.dismiss(id);
    if (upload) await this.#lifecycle.abandon(upload);
  }

  /** Takes a finished line out of the list. */
  dismiss(id: number): void {
    this.#stop(id);
    this.#picked.delete(id);
    remove(id);
  }

  /** The person picked a file for an unfinished upload; another file is refused before anything is sent. */
  give(id: number, picked: Picked): void {
    this.#start(id, picked);
  }

  /** Opens the file that the browser saved for this upload. To be called from a click: the browser asks. */
  async continueKept(id: number): Promise<void> {
    const { upload } = find(id);
    const saved = upload && (await findSaved(upload.id));
    const file = saved && (await reopen(saved, true));
    if (file) this.#start(id, { file, handle: saved.handle ?? null });
    else patch(id, { hasHandle: false, error: say('upload.unreadable') });
  }

  /** Brings back the uploads that an earlier visit left unfinished. */
  async restore(): Promise<void> {
    const open = await persist(() => this.#api.openUploads());
    const listed = new Set(items.value.map((item) => item.upload?.id));
    await Promise.all(open.filter(({ id }) => !listed.has(id)).map(({ id }) => this.#restoreOne(id)));
  }

  async #restoreOne(uploadId: string): Promise<void> {
    const upload = await persist(() => this.#api.upload(uploadId)); // only this one tells what the store holds
    if (upload.state === 'aborted') return;
    const { product_id: product, purpose, replaces } = upload;
    const { id } = insert(upload, { product, purpose, replaces });
    const sent = (upload.parts_held ?? []).reduce((sum, part) => sum + part.size, 0);
    const saved = await findSaved(upload.id);
    patch(id, { upload, sent, phase: 'needs_file', hasHandle: saved?.handle !== undefined });
    if (upload.state === 'lost') {
      patch(id, { notice: 'upload.restarted' });
      return;
    }
    if (upload.state !== 'open' && upload.state !== 'awaiting_payment') {
      this.#begin(id, (abort) => this.#lifecycle.follow(id, upload.id, abort));
      return;
    }
    const file = saved && (await reopen(saved, false));
    if (file) this.#start(id, { file, handle: saved.handle ?? null });
  }

  async #findWaiting(file: File, { product, purpose, replaces }: Target): Promise<number | null> {
    const candidates = items.value.filter(
      (item) =>
        item.phase === 'needs_file' &&
        item.product === product &&
        item.size === file.size &&
        // One file may be goods, and the sample of several.
        (item.purpose === 'sample' ? item.replaces === replaces : purpose !== 'sample'),
    );
    if (candidates.length === 0) return null;
    const mark = await takeFingerprint(file);
    const match = candidates.find((item) => item.upload && isSameFile(mark, item.upload.fingerprint));
    return match?.id ?? null;
  }

  #start(id: number, picked: Picked): void {
    this.#picked.set(id, picked);
    patch(id, { phase: 'preparing', error: null, notice: null });
    this.#begin(id, (abort) => this.#run(id, picked, abort));
  }

  #begin(id: number, work: (abort: AbortSignal) => Promise<void>): void {
    this.#stop(id);
    const controller = new AbortController();
    this.#aborts.set(id, controller);
    work(controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.#fail(id, error);
    });
  }

  async #run(id: number, { file, handle }: Picked, abort: AbortSignal): Promise<void> {
    const { upload, name, size, purpose } = find(id);
    const { max_sample_size, max_upload_size } = this.#limits;
    const unfit = findUnfit(file, purpose === 'sample' ? max_sample_size : max_upload_size);
    if (unfit) {
      buzz('error');
      patch(id, { phase: 'refused', error: unfit });
      return;
    }
    const mark = await takeFingerprint(file);
    if (upload && !isSameFile(mark, upload.fingerprint)) {
      this.#picked.delete(id);
      const modified = formatDate(upload.fingerprint.modified);
      const error = say('upload.otherFile', { name, size: formatSize(size), modified });
      patch(id, { phase: 'needs_file', error });
      return;
    }
    await this.#lifecycle.run({ id, file, handle, mark }, abort);
  }

  #stop(id: number): void {
    this.#aborts.get(id)?.abort();
    this.#aborts.delete(id);
  }

  #fail(id: number, error: unknown): void {
    buzz('error');
    const gone = error instanceof DOMException && error.name !== 'AbortError';
    if (gone && find(id).upload) {
      this.#picked.delete(id);
      patch(id, { phase: 'needs_file', speed: 0, hasHandle: false, error: say('upload.unreadable') });
      return;
    }
    // The shop has seen the first bytes: it says what was expected and what to do, and no retry mends that.
    if (error instanceof ApiError && error.status === 422 && find(id).upload === null) {
      this.#picked.delete(id);
      patch(id, { phase: 'refused', speed: 0, error: error.problem.detail ?? explain(error) });
      return;
    }
    const pay = error instanceof ApiError ? (error.problem.pay ?? null) : null;
    patch(id, { phase: 'failed', speed: 0, error: explain(error), pay });
  }
}

/** Why this file cannot be taken, told before anything is sent (A54); null when it can. */
function findUnfit({ name, size }: File, most: number): string | null {
  if (size === 0) return say('upload.empty', { name });
  if (size <= most) return null;
  return say('upload.tooLarge', { name, size: formatSize(size), max: formatSize(most) });
}
