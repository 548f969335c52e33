/** Something that is not as it was written. What isn't known is absent: of an event that is gone, mostly its id. */
export interface Finding {
  readonly stream: string
  readonly revision?: number
  readonly position?: number
  readonly id?: string
  readonly fault: string
}

export const findingText = ({ stream, revision, position, id, fault }: Finding): string => {
  const place = [
    `stream ${stream}`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(position === undefined ? [] : [`position ${position}`]),
    ...(id === undefined ? [] : [`event ${id}`]),
  ]
  return `${place.join(', ')}: ${fault}`
}
