/** Mail domains with how common each is. All end in the reserved `.example`: nobody can be written to by accident. */
export const mailDomains: readonly (readonly [string, number])[] = [
  ['gmail.example', 46],
  ['yahoo.example', 17],
  ['aol.example', 8],
  ['hotmail.example', 8],
  ['icloud.example', 6],
  ['comcast.example', 5],
  ['outlook.example', 4],
  ['att.example', 3],
  ['me.example', 2],
  ['mail.example', 1],
]

/** Words for mail addresses that say nothing of their owner's name. */
export const mailWords = `
beach sunny gator golf fish sail surf palm coco mango lucky happy blue red wild star moon storm angel rider dreamer runner
teacher nurse grandma papa coach captain pilot baker music guitar poet yoga salsa tiger eagle dolphin turtle panther heat
nole cane bull knight buc ray marlin magic wave sand shell reef ocean sunset tropical island jazz rock disco chef garden rose
lily daisy pearl ruby jade onyx
`
