import { withoutPassword as connectionWithoutPassword, isEventStoreUrl } from '../store/eventstoredb/connection-url.js'

/** A store's or a database's URL as it may be shown; `embedded` as it is. */
export const withoutPassword = (url: string): string => {
  if (isEventStoreUrl(url)) return connectionWithoutPassword(url)
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.password = ''
  parsed.searchParams.delete('password')
  return parsed.toString()
}
