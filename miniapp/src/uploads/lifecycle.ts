import type { Api } from '../api/calls.ts';
import { ApiError } from '../api/errors.ts';
import type { FingerprintBody, UploadAnswer } from '../api/types.ts';
import { say } from '../language.ts';
import { buzz } from '../telegram.ts';
import type { Engine } from './engine.ts';
import { readHead } from './fingerprint.ts';
import { find, type Phase, patch } from './items.ts';
import { UploadForgotten } from './put.ts';
import { persist, rest } from './retries.ts';
import { findSaved, hasRoomFor, release, save } from './saved-uploads.ts';
import { SpeedMeter } from './speed.ts';

const ATTEMPTS = 5;
const TICK = 250; // milliseconds between two drawings of the progress
const FIRST_LOOK = 1000; // milliseconds
const RAREST_LOOK = 15_000;

/** What was complete is open again: some parts are to be sent once more. */
class PartsWanted extends Error {
  override name = 'PartsWanted';
}

export interface Work {
  id: number;
  file: File;
  handle: FileSystemFileHandle | null;
  mark: FingerprintBody;
}

/** Takes one item of the queue from "picked" to "accepted". */
export class Lifecycle {
  #api: Api;
  #engine: Engine;

  constructor(api: Api, engine: Engine) {
    this.#api = api;
    this.#engine = engine;
  }

  /** Opens (or finds again) the upload, waits for its payment, sends, and follows the checks. */
  async run(work: Work, abort: AbortSignal): Promise<void> {
    let upload = await this.#open(work, abort);
    for (let attempt = 0; upload.state === 'open' || upload.state === 'awaiting_payment'; attempt += 1) {
      try {
        await this.#awaitPayment(work, upload, abort);
        await this.#send(work, upload, abort);
        await this.follow(work.id, upload.id, abort);
        return;
      } catch (error) {
        if (attempt >= ATTEMPTS || !isMendable(error)) throw error;
        upload = await this.#mend(work, upload, error, abort);
      }
    }
    await this.follow(work.id, upload.id, abort);
  }

  /** Looks, ever more rarely, until the shop has decided about the file. */
  async follow(id: number, uploadId: string, abort: AbortSignal): Promise<void> {
    for (let delay = FIRST_LOOK; ; delay = Math.min(RAREST_LOOK, delay * 1.5)) {
      const upload = await persist(() => this.#api.upload(uploadId, abort), abort);
      const { state } = upload;
      if (state === 'accepted' || state === 'refused') {
        await this.#conclude(id, upload);
        return;
      }
      if (state === 'open') throw new PartsWanted('the store holds other parts than were sent');
      if (state === 'lost' || state === 'aborted') throw new UploadForgotten(`the upload is ${state}`);
      patch(id, { upload, phase: state === 'moderation' ? 'moderation' : 'verifying', speed: 0 });
      await rest(delay, abort);
    }
  }

  /** Aborts it in the shop and frees what the browser kept. */
  async abandon(upload: UploadAnswer): Promise<void> {
    await release(upload.id);
    try {
      await persist(() => this.#api.abortUpload(upload.id));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }

  async #open({ id, file, handle, mark }: Work, abort: AbortSignal): Promise<UploadAnswer> {
    const { name, size, type, product, purpose, replaces } = find(id);
    const wish = { name, size, type, product_id: product, purpose, fingerprint: mark };
    const head = await readHead(file);
    const answer = await persist(
      () => this.#api.openUpload({ ...wish, head, ...(replaces && { replaces }) }, abort),
      abort,
    );
    const upload = { ...wish, ...answer };
    patch(id, { upload, pay: upload.pay ?? null });
    if (handle) await save({ upload: upload.id, fingerprint: mark, handle });
    return upload;
  }

  /** With after_payment nothing is sent before the fee is paid; the file stays here meanwhile. */
  async #awaitPayment(work: Work, { id: uploadId }: UploadAnswer, abort: AbortSignal): Promise<void> {
    let isKept: boolean | null = null;
    for (let delay = FIRST_LOOK; ; delay = Math.min(RAREST_LOOK, delay * 1.5)) {
      const upload = await persist(() => this.#api.upload(uploadId, abort), abort);
      if (upload.state !== 'awaiting_payment') return;
      isKept ??= await keepForPayment(uploadId, work);
      const failed = upload.payment_status === 'failed';
      const notice = failed ? 'upload.payFailed' : isKept ? 'upload.keptHere' : 'upload.keptNot';
      patch(work.id, { upload, phase: 'waiting_payment', pay: upload.pay ?? null, notice });
      await rest(delay, abort);
    }
  }

  async #send({ id, file }: Work, upload: UploadAnswer, abort: AbortSignal): Promise<void> {
    const { notice, sent: before } = find(id);
    patch(id, { phase: 'sending', pay: null, notice: notice === 'upload.restarted' ? notice : null });
    const meter = new SpeedMeter();
    let sent = before;
    const draw = () => {
      meter.add(Date.now(), sent);
      const phase: Phase = sent >= upload.size ? 'finishing' : 'sending';
      patch(id, { sent, speed: meter.speed, phase });
    };
    draw();
    // Drawn by the clock and not by the bytes, so that a stall shows.
    const clock = setInterval(draw, TICK);
    const onProgress = (total: number) => {
      sent = total;
    };
    try {
      await this.#engine.send({ upload, file, onProgress, abort });
    } finally {
      clearInterval(clock);
    }
    patch(id, { sent: upload.size, speed: 0, phase: 'verifying' });
  }

  /** What to go on with after a failure that has a remedy. */
  async #mend(work: Work, upload: UploadAnswer, error: unknown, abort: AbortSignal): Promise<UploadAnswer> {
    const wanted = error instanceof PartsWanted;
    if (wanted || (error instanceof ApiError && (error.status === 402 || error.status === 409)))
      return persist(() => this.#api.upload(upload.id, abort), abort);
    // The parts are gone. The shop may not know yet, so it is told before a new upload is opened.
    await this.abandon(upload);
    patch(work.id, { notice: 'upload.restarted', sent: 0, upload: null });
    return this.#open(work, abort);
  }

  async #conclude(id: number, upload: UploadAnswer): Promise<void> {
    await release(upload.id);
    if (upload.state === 'accepted') {
      buzz('success');
      patch(id, { upload, phase: 'accepted', sent: upload.size, speed: 0, notice: null });
      return;
    }
    buzz('error');
    const error = say('upload.refused', { reason: upload.reason ?? '' });
    patch(id, { upload, phase: 'refused', speed: 0, error });
  }
}

/** Whether this browser holds the file until its fee is paid: by handle, by a copy, or not at all. */
async function keepForPayment(upload: string, { file, handle, mark }: Work): Promise<boolean> {
  if (handle !== null || (await findSaved(upload))?.copy) return true;
  return (await hasRoomFor(file.size)) && (await save({ upload, fingerprint: mark, copy: file }));
}

/** Parts missing (409), fee open (402) or an upload that the store or the shop has forgotten. */
function isMendable(error: unknown): boolean {
  if (error instanceof UploadForgotten || error instanceof PartsWanted) return true;
  return error instanceof ApiError && [402, 404, 409].includes(error.status);
}
