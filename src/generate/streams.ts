/** The sequences of random numbers, one for each thing that is made alone: changing one leaves the others as they are. */
export const streams = {
  shape: 1,
  home: 2,
  family: 3,
  middle: 4,
  phone: 5,
  mail: 6,
  register: 7,
  masked: 8,
  contact: 9,
  contactMail: 10,
  contactPhone: 11,
  secondMail: 12,
  thirdMail: 13,
  list: 14,
  source: 15,
} as const
