/** The words of a table written as one text. */
export const words = (text: string): string[] => text.trim().split(/\s+/)
