import AwsS3, { type AwsBody } from '@uppy/aws-s3';
import Uppy, { type Meta } from '@uppy/core';
import type { Api } from '../api/calls.ts';
import { isPassing } from '../api/errors.ts';
import type { StoredPart, UploadAnswer } from '../api/types.ts';
import { type Part, putPart, UploadForgotten } from './put.ts';
import { persist } from './retries.ts';
import { PartSigner } from './signer.ts';

/**
 * Parts in flight at once. Closing the page wastes at most what is in flight, and an interrupted upload may
 * send no more than three parts twice.
 */
const PARALLEL = 3;

interface Task extends Meta {
  upload: UploadAnswer;
  key: string;
}

export interface Transfer {
  upload: UploadAnswer;
  file: File;
  onProgress: (sent: number) => void;
  abort: AbortSignal;
}

/**
 * Sends files to the store through Uppy: always as a resumption, so there is one way and not two.
 *
 * It is @uppy/aws-s3 5: version 6 sends the parts of a file one after another and wants to speak the store's own
 * XML, which our signatures for single parts do not allow.
 */
export class Engine {
  #api: Api;
  #uppy: Uppy<Task, AwsBody>;
  #signer: PartSigner;
  #partSizes = new WeakMap<Blob, number>();
  #missing = new Map<string, number[]>();
  #count = 0;

  constructor(api: Api, batch: number) {
    this.#api = api;
    this.#signer = new PartSigner((upload, numbers) => api.signParts(upload, numbers), batch);
    this.#uppy = new Uppy<Task, AwsBody>({ autoProceed: false, allowMultipleUploadBatches: true });
    this.#uppy.use(AwsS3<Task, AwsBody>, {
      shouldUseMultipart: true,
      limit: PARALLEL,
      retryDelays: [], // our own patience knows the network, Retry-After and expired URLs
      getChunkSize: (data) => this.#partSizes.get(data as Blob) ?? 0,
      createMultipartUpload: (file) => ({ uploadId: file.meta.upload.id, key: file.meta.key }),
      listParts: (file, { signal }) => this.#listParts(file.meta.upload, signal),
      signPart: async (file, { partNumber }) => ({
        method: 'PUT',
        url: await this.#urlFor(file.meta.upload, partNumber),
        headers: { 'Content-Type': file.meta.upload.type },
      }),
      uploadPartBytes: (options) => this.#putPart(options),
      completeMultipartUpload: async (file, { parts, signal }) => {
        const list = parts.map((part) => ({ number: part.PartNumber ?? 0, etag: part.ETag ?? '' }));
        await persist(() => api.completeUpload(file.meta.upload.id, list, signal), signal);
        return {};
      },
      // Uppy aborts after any failure; finished parts must outlive it. Only a person's Cancel deletes.
      abortMultipartUpload: () => undefined,
    });
  }

  /**
   * Sends what the store still lacks, then has it assembled. Rejects with the API's or the store's refusal,
   * `UploadForgotten` when the parts are gone, or the abort's reason.
   */
  async send({ upload, file, onProgress, abort }: Transfer): Promise<void> {
    abort.throwIfAborted();
    this.#partSizes.set(file, upload.part_size);
    this.#count += 1;
    const task: Task = { upload, key: upload.id, relativePath: String(this.#count), name: upload.name };
    const id = this.#uppy.addFile({ name: upload.name, type: upload.type, data: file, meta: task });
    this.#uppy.setFileState(id, { s3Multipart: { uploadId: upload.id, key: upload.id } } as object);
    try {
      await this.#follow(id, onProgress, abort);
    } finally {
      this.#uppy.removeFile(id);
      this.#missing.delete(upload.id);
    }
  }

  #follow(id: string, onProgress: (sent: number) => void, abort: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const uppy = this.#uppy;
      const progress = (file: { id: string } | undefined, step: { bytesUploaded: number | false }) => {
        if (file?.id === id && step.bytesUploaded) onProgress(step.bytesUploaded);
      };
      const finish = (settle: () => void) => {
        uppy.off('upload-progress', progress);
        uppy.off('upload-success', succeeded);
        uppy.off('upload-error', failed);
        abort.removeEventListener('abort', aborted);
        settle();
      };
      const succeeded = (file: { id: string } | undefined) => {
        if (file?.id === id) finish(resolve);
      };
      const failed = (file: { id: string } | undefined, error: unknown) => {
        if (file?.id === id) finish(() => reject(error));
      };
      const aborted = () => finish(() => reject(abort.reason));
      uppy.on('upload-progress', progress);
      uppy.on('upload-success', succeeded);
      uppy.on('upload-error', failed);
      abort.addEventListener('abort', aborted);
      uppy.upload().catch(() => undefined); // each file's own outcome comes as an event
    });
  }

  /** The parts that the store holds, of whatever size. */
  async #partsHeld(id: string, signal?: AbortSignal): Promise<StoredPart[]> {
    const { state, parts_held = [] } = await persist(() => this.#api.upload(id, signal), signal);
    if (state === 'lost' || state === 'aborted') throw new UploadForgotten(`the upload is ${state}`);
    return parts_held;
  }

  /** The parts that the store holds at their full size; a cut-off one is sent again. */
  async #listParts(upload: UploadAnswer, signal?: AbortSignal) {
    const partsHeld = await this.#partsHeld(upload.id, signal);
    const last = Math.max(1, Math.ceil(upload.size / upload.part_size));
    const fullSize = (number: number) =>
      number < last ? upload.part_size : upload.size - (last - 1) * upload.part_size;
    const whole = partsHeld.filter((part) => part.size === fullSize(part.number));
    const numbers = new Set(whole.map((part) => part.number));
    const all = Array.from({ length: last }, (_, index) => index + 1);
    this.#missing.set(
      upload.id,
      all.filter((number) => !numbers.has(number)),
    );
    return whole.map(({ number, etag, size }) => ({ PartNumber: number, ETag: etag, Size: size }));
  }

  #urlFor(upload: UploadAnswer, number: number): Promise<string> {
    return this.#signer.urlFor(upload.id, number, () => this.#missing.get(upload.id) ?? []);
  }

  /** The ETag of the part that a URL is for, where the store holds all its `size` bytes. */
  async #findHeld(url: string, size: number, signal?: AbortSignal): Promise<string | null> {
    const { upload, number } = this.#signer.partOf(url);
    const partsHeld = await this.#partsHeld(upload, signal);
    return partsHeld.find((part) => part.number === number && part.size === size)?.etag ?? null;
  }

  /** What the shop says of its store now; false where it cannot say, and then the store itself is asked again. */
  async #isStoreFull(): Promise<boolean> {
    try {
      return (await this.#api.openUploads()).some((upload) => upload.store_full);
    } catch (error) {
      if (isPassing(error)) return false;
      throw error;
    }
  }

  async #putPart(options: {
    signature: { url: string; headers?: Record<string, string> };
    body: FormData | Blob;
    onProgress: (event: { loaded: number; lengthComputable: boolean }) => void;
    onComplete: (etag: string) => void;
    signal?: AbortSignal;
  }) {
    const { signature, body, onProgress, onComplete, signal } = options;
    if (!(body instanceof Blob)) throw new TypeError('a part is sent as bytes');
    const report = (loaded: number) => onProgress({ loaded, lengthComputable: true });
    const part: Part = {
      url: signature.url,
      contentType: signature.headers?.['Content-Type'] ?? 'application/octet-stream',
      body,
      onProgress: report,
      abort: signal,
      renew: (url) => this.#signer.renew(url),
      isStoreFull: () => this.#isStoreFull(),
      findHeld: (url) => this.#findHeld(url, body.size, signal),
    };
    const { etag, url } = await putPart(part);
    this.#signer.forget(url);
    report(body.size);
    onComplete(etag);
    return { ETag: etag };
  }
}
