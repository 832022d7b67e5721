import type { Client } from './client.ts';
import type {
  DownloadLink,
  Language,
  NewUpload,
  Page,
  Product,
  ProductDraft,
  ProductView,
  Purchase,
  Sales,
  SignedParts,
  Upload,
} from './types.ts';

/** Every call of the contract, by name. */
export function createApi(client: Client) {
  const at = encodeURIComponent;
  return {
    openSession: () => client.openSession(),
    setLanguage: (language: Language) =>
      client.call<unknown>('/api/me', { method: 'PATCH', body: { language } }),

    products: (page: number) => client.call<Page<Product>>(`/api/products?page=${page}`),
    createProduct: (draft: ProductDraft, idempotencyKey: string) =>
      client.call<Product>('/api/products', {
        method: 'POST',
        body: { ...draft, idempotency_key: idempotencyKey },
      }),
    changeProduct: (id: number, draft: ProductDraft) =>
      client.call<Product>(`/api/products/${id}`, { method: 'PATCH', body: draft }),
    publish: (id: number) => client.call<Product>(`/api/products/${id}/publish`, { method: 'POST' }),
    unpublish: (id: number) => client.call<Product>(`/api/products/${id}/unpublish`, { method: 'POST' }),
    view: (slugOrId: string) => client.call<ProductView>(`/api/products/${at(slugOrId)}/view`),

    library: (page: number) => client.call<Page<Purchase>>(`/api/library?page=${page}`),
    download: (grant: string | number, asset: string) =>
      client.call<DownloadLink>(`/api/library/${at(String(grant))}/download`, {
        method: 'POST',
        body: { asset_id: asset },
      }),
    sales: (days: number) => client.call<Sales>(`/api/sales?days=${days}`),

    openUpload: (upload: NewUpload, signal?: AbortSignal) =>
      client.call<Upload>('/api/uploads', { method: 'POST', body: upload, ...(signal && { signal }) }),
    openUploads: async () => {
      const answer = await client.call<Upload[] | { items: Upload[] }>('/api/uploads?open=1');
      return Array.isArray(answer) ? answer : answer.items;
    },
    upload: (id: string, signal?: AbortSignal) =>
      client.call<Upload>(`/api/uploads/${at(id)}`, { ...(signal && { signal }) }),
    signParts: (id: string, numbers: number[]) =>
      client.call<SignedParts>(`/api/uploads/${at(id)}/parts`, { method: 'POST', body: { numbers } }),
    completeUpload: (id: string, parts: { number: number; etag: string }[], signal?: AbortSignal) =>
      client.call<{ state: Upload['state'] }>(`/api/uploads/${at(id)}/complete`, {
        method: 'POST',
        body: { parts },
        ...(signal && { signal }),
      }),
    abortUpload: (id: string) => client.call<void>(`/api/uploads/${at(id)}`, { method: 'DELETE' }),
  };
}

export type Api = ReturnType<typeof createApi>;
