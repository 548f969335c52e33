const cellText = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Cells as one line of a CSV file (RFC 4180), its end included. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cellText).join(',')}\n`
