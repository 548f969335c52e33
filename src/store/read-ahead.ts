/**
 * The same batches, the next one read while the caller works on this one: memory holds two, and the source is not waited
 * for. A failure of the read-ahead is met at the next turn. Ending early ends the source.
 */
export async function* readAhead<A>(batches: AsyncIterable<A>): AsyncGenerator<A, void, undefined> {
  const source = batches[Symbol.asyncIterator]()
  try {
    for (let reading = source.next(); ; ) {
      const { value, done } = await reading
      if (done === true) return
      reading = source.next()
      // not an unhandled rejection meanwhile
      reading.catch(() => undefined)
      yield value
    }
  } finally {
    await source.return?.(undefined)
  }
}
