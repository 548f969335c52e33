/**
 * Writes lines to stdout as they come, no faster than they are read. Who stops reading, as `head` does, ends it in silence;
 * other failures are told by whoever listens to stdout.
 */
export const writeLines = async (lines: AsyncIterable<string>): Promise<void> => {
  for await (const line of lines) if (!(await isWritten(`${line}\n`))) return
}

const isWritten = (text: string): Promise<boolean> =>
  new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(error == null))
  })
