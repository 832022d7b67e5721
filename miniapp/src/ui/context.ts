import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from '../api/calls.ts';
import type { SessionAnswer } from '../api/types.ts';
import type { Uploads } from '../uploads/queue.ts';

export interface Shop {
  api: Api;
  session: SessionAnswer;
  uploads: Uploads;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('a screen was drawn before the session was open');
  return shop;
}
