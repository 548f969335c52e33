/** Writes lines to stdout as they come, no faster than they are read. Who stops reading, as `head` does, ends it in silence. */
export const writeLines = async (lines: AsyncIterable<string>): Promise<void> => {
  // a failed write is said twice, and unheard events end the process
  const heard = (): void => undefined
  process.stdout.on('error', heard)
  try {
    for await (const line of lines) await write(`${line}\n`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  } finally {
    process.stdout.off('error', heard)
  }
}

const write = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error == null ? resolve() : reject(error)))
  })
