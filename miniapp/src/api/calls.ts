import type { Client } from './client.ts';
import type {
  Channel,
  ChannelEvent,
  Differences,
  DownloadLink,
  Figures,
  KnownPerson,
  Language,
  Live,
  Member,
  MembersFigures,
  Membership,
  MembershipAct,
  NewUpload,
  Notices,
  Page,
  Product,
  ProductDraft,
  ProductView,
  Purchase,
  Sales,
  SignedParts,
  Upload,
} from './types.ts';

export interface MemberFilter {
  words: string;
  state: string;
  plan: string;
}

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

    memberships: () => client.call<{ items: Membership[] }>('/api/memberships'),
    membership: (id: number) => client.call<Membership>(`/api/memberships/${id}`),
    act: (id: number, act: MembershipAct) =>
      client.call<Membership>(`/api/memberships/${id}/${act}`, { method: 'POST' }),
    renew: (id: number) => client.call<{ url: string }>(`/api/memberships/${id}/renew`, { method: 'POST' }),
    notices: (before: number | null) =>
      client.call<Notices>(`/api/telegram/notifications${before === null ? '' : `?before=${before}`}`),
    readNotices: (ids: number[]) =>
      client.call<{ unread: number }>('/api/telegram/notifications/read', { method: 'POST', body: { ids } }),

    members: (page: number, filter: MemberFilter) =>
      client.call<Page<Member>>(`/api/members?page=${page}${query(filter)}`),
    membersFigures: () => client.call<MembersFigures>('/api/members/figures'),
    channels: () => client.call<{ items: Channel[] }>('/api/members/channels'),
    differences: (channel: number) =>
      client.call<Differences>(`/api/members/channels/${channel}/differences`),
    events: (page: number) => client.call<Page<ChannelEvent>>(`/api/members/events?page=${page}`),

    figures: (days: number) => client.call<Figures>(`/api/figures?days=${days}`),
    live: () => client.call<Live>('/api/figures/live'),
    people: (page: number, words: string) =>
      client.call<Page<KnownPerson>>(`/api/people?page=${page}${query({ words })}`),
    ban: (id: number, reason: string) =>
      client.call<KnownPerson>(`/api/people/${id}/ban`, { method: 'POST', body: { reason } }),
    unban: (id: number) => client.call<KnownPerson>(`/api/people/${id}/unban`, { method: 'POST' }),

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

/** What is asked for, without what is left empty. */
function query(wanted: object): string {
  const asked = Object.entries(wanted).filter(([, value]) => value !== '');
  return asked.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
}

export type Api = ReturnType<typeof createApi>;
