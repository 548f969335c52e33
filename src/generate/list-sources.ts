import { weightedPick } from './weighted.js'

/** How often the contacts of one kind of list give each field; `scanned` lists came from paper. */
export interface ListSource {
  readonly name: string
  readonly scanned: boolean
  readonly middle: number
  readonly suffix: number
  readonly sex: number
  readonly birthDate: number
  readonly address: number
  readonly city: number
  readonly zip: number
  readonly phone: number
  readonly mail: number
}

export const donation: ListSource = {
  name: 'donation',
  scanned: false,
  middle: 0.1,
  suffix: 0.45,
  sex: 0,
  birthDate: 0,
  address: 0.97,
  city: 0.92,
  zip: 0.98,
  phone: 0.55,
  mail: 0.95,
}

const petition: ListSource = {
  name: 'petition',
  scanned: true,
  middle: 0.25,
  suffix: 0.35,
  sex: 0.05,
  birthDate: 0.55,
  address: 0.93,
  city: 0.8,
  zip: 0.8,
  phone: 0.25,
  mail: 0.2,
}

const event: ListSource = {
  name: 'event',
  scanned: false,
  middle: 0.03,
  suffix: 0.15,
  sex: 0,
  birthDate: 0.03,
  address: 0.15,
  city: 0.35,
  zip: 0.78,
  phone: 0.6,
  mail: 0.92,
}

const canvass: ListSource = {
  name: 'canvass',
  scanned: false,
  middle: 0.2,
  suffix: 0.4,
  sex: 0.6,
  birthDate: 0.12,
  address: 0.9,
  city: 0.75,
  zip: 0.85,
  phone: 0.5,
  mail: 0.25,
}

export const volunteer: ListSource = {
  name: 'volunteer',
  scanned: false,
  middle: 0.08,
  suffix: 0.2,
  sex: 0.15,
  birthDate: 0.2,
  address: 0.42,
  city: 0.6,
  zip: 0.72,
  phone: 0.85,
  mail: 0.9,
}

export const drawSource = weightedPick<ListSource>([
  [donation, 35],
  [petition, 20],
  [event, 20],
  [canvass, 15],
  [volunteer, 10],
])
