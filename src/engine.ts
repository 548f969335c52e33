/** The version of matching, normalising and deciding that events are written by; raised when the same input decides otherwise. */
export const engineVersion = '2'
