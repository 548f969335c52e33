import { hashOf, type Random } from './random.js'
import { type Street, streetsOf } from './streets.js'
import { cities } from './tables/cities.js'
import { counties, zipAreas } from './tables/counties.js'
import { weighted } from './weighted.js'
import { words } from './words.js'

/** A ZIP with the people who live there. */
export interface Place {
  readonly zip: string
  readonly city: string
  readonly county: string
  readonly people: number
  readonly hispanicShare: number
  readonly areaCodes: readonly string[]
  readonly streets: readonly Street[]
  /** Share of the homes that are flats and other units. */
  readonly unitShare: number
}

export interface ZipRow {
  readonly zip: string
  readonly city: string
  readonly people: number
}

export interface Places {
  readonly all: readonly Place[]
  draw(random: Random): Place
  /** Another ZIP of the same city, or the same one where a city has no other. */
  drawInCity(city: string, random: Random): Place
  /** A place in the same county. */
  drawInCounty(county: string, random: Random): Place
}

interface Area {
  readonly areaCodes: readonly string[]
  readonly hispanicShare: number
  readonly counties: readonly string[]
}

const areas: ReadonlyMap<string, Area> = new Map(
  zipAreas
    .trim()
    .split('\n')
    .map((line) => {
      const [prefix, codes, share, inside] = line.split(';') as [string, string, string, string]
      return [prefix, { areaCodes: words(codes), hispanicShare: Number(share), counties: words(inside) }]
    }),
)

const elsewhere: Area = { areaCodes: ['850'], hispanicShare: 0.1, counties: ['LEO'] }

interface City {
  readonly county: string
  readonly hispanicShare: number
}

const ownCities = cities
  .trim()
  .split('\n')
  .map((line) => {
    const [name, county, people, share, zips] = line.split(';') as [string, string, string, string, string]
    return { name, county, people: Number(people) * 1000, hispanicShare: Number(share), zips: words(zips) }
  })

const knownCities: ReadonlyMap<string, City> = new Map(ownCities.map((city) => [city.name, city]))

export const countyCodes: readonly string[] = words(counties)

/** The ZIPs of the project's own table. A city's first ZIPs hold more of its people than its last. */
export const ownZips = (): ZipRow[] =>
  ownCities.flatMap(({ name, people, zips }) => {
    const sizes = zips.map((zip) => 0.5 + hashOf(Number(zip)) / 2 ** 32)
    const sum = sizes.reduce((total, size) => total + size, 0)
    return zips.map((zip, i) => ({ zip, city: name, people: Math.round((people * sizes[i]!) / sum) }))
  })

const placeOf = (row: ZipRow, seed: number): Place => {
  const area = areas.get(row.zip.slice(0, 3)) ?? elsewhere
  const known = knownCities.get(row.city)
  const zip = Number(row.zip)
  let streets: readonly Street[] | undefined
  return {
    zip: row.zip,
    city: row.city,
    people: row.people,
    county: known?.county ?? area.counties[hashOf(zip, 1) % area.counties.length]!,
    hispanicShare: known?.hispanicShare ?? area.hispanicShare,
    areaCodes: area.areaCodes,
    unitShare: 0.05 + 0.28 * (hashOf(seed, zip, 2) / 2 ** 32),
    get streets() {
      return (streets ??= streetsOf(row.people, hashOf(seed, zip, 3), known?.hispanicShare ?? area.hispanicShare))
    },
  }
}

const groupedDraw = (all: readonly Place[], keyOf: (place: Place) => string) => {
  const groups = new Map<string, Place[]>()
  for (const place of all) groups.set(keyOf(place), [...(groups.get(keyOf(place)) ?? []), place])
  const draws = new Map(
    [...groups].map(([key, members]) => [key, weighted(members.map((place) => place.people))] as const),
  )
  return (key: string, random: Random): Place => groups.get(key)![draws.get(key)!(random)]!
}

/** Places from rows of ZIPs, drawn by how many people live there. Rows without people are left out. */
export const placesOf = (rows: readonly ZipRow[], seed: number): Places => {
  const all = rows.filter((row) => row.people > 0).map((row) => placeOf(row, seed))
  const draw = weighted(all.map((place) => place.people))
  return {
    all,
    draw: (random) => all[draw(random)]!,
    drawInCity: groupedDraw(all, (place) => place.city),
    drawInCounty: groupedDraw(all, (place) => place.county),
  }
}
