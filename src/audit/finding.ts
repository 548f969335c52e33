import { visible } from '../../events/visible.js'

/** Something that is not as it was written. What isn't known is absent: of an event that is gone, mostly its id. */
export interface Finding {
  readonly stream: string
  readonly revision?: number
  readonly position?: number
  readonly id?: string
  readonly fault: string
}

/** Names of streams and files come from what is checked, which may be anybody's: none moves the cursor. */
export const plainText = (text: string): string =>
  visible(text.replace(/\p{Cc}/gu, (sign) => JSON.stringify(sign).slice(1, -1)))

export const findingText = ({ stream, revision, position, id, fault }: Finding): string => {
  const place = [
    `stream ${stream}`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(position === undefined ? [] : [`position ${position}`]),
    ...(id === undefined ? [] : [`event ${id}`]),
  ]
  return plainText(`${place.join(', ')}: ${fault}`)
}
