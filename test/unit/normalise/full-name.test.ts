import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFullName } from '../../../src/normalise/name.js'

/** prefix | first | middle | last | suffix | nickname, persons parted by + */
const cases: readonly (readonly [given: string, persons: string])[] = [
  ['John Smith', '|John||Smith'],
  ['  john   smith ', '|john||smith'],
  ['JOHN Q SMITH', '|JOHN|Q|SMITH'],
  ['John M. Last III', '|John|M|Last|III'],
  ['Smith, John', '|John||Smith'],
  ['Smith, John Michael Jr.', '|John|Michael|Smith|JR'],
  ['SMITH,JOHN A', '|JOHN|A|SMITH'],
  ['Smith Jr., John', '|John||Smith|JR'],
  ['Smith, Jr., John', '|John||Smith|JR'],
  ['Smith, John, Jr', '|John||Smith|JR'],
  ['John Smith, Jr.', '|John||Smith|JR'],
  ['John Smith Jr', '|John||Smith|JR'],
  ['John Smith 3rd', '|John||Smith|III'],
  ['John Smith V', '|John||Smith|V'],
  ['Smith, Mary V', '|Mary|V|Smith'],
  ['Mary V', '|Mary||V'],
  ['Ken Ii', '|Ken||Ii'],
  ['Ii, Ken', '|Ken||Ii'],
  ['Mr. John Smith', 'Mr|John||Smith'],
  ['Dr. Smith', 'Dr|||Smith'],
  ['Rev. Dr. Ann Lee Brown, PhD', 'Rev Dr|Ann|Lee|Brown'],
  ['The Honorable Jane Doe', 'The Honorable|Jane||Doe'],
  ['Hon. Jane Doe', 'Hon|Jane||Doe'],
  ['Smith, Dr. John', 'Dr|John||Smith'],
  ['Smith, John Mr.', 'Mr|John||Smith'],
  ['Major Smith', '|Major||Smith'],
  ['Major John Smith', 'Major|John||Smith'],
  ['Sr. Juan Perez', 'Sr|Juan||Perez'],
  ['John Smith, MD', '|John||Smith'],
  ['John Smith Esq.', '|John||Smith'],
  ['Yo Yo Ma', '|Yo|Yo|Ma'],
  ['Kim Do', '|Kim||Do'],
  ['Maria de la Cruz', '|Maria||de la Cruz'],
  ['de la Cruz, Maria', '|Maria||de la Cruz'],
  ['Jan van der Berg', '|Jan||van der Berg'],
  ['Mary St. John', '|Mary||St. John'],
  ['Maria del Carmen Lopez', '|Maria|del Carmen|Lopez'],
  ['Jose Garcia y Lopez', '|Jose||Garcia y Lopez'],
  ['Van Morris', '|Van||Morris'],
  ['Hung Van Nguyen', '|Hung|Van|Nguyen'],
  ['Anh Le', '|Anh||Le'],
  ['Ana Garcia-Lopez', '|Ana||Garcia-Lopez'],
  ['Ana Garcia - Lopez', '|Ana||Garcia-Lopez'],
  ["Patrick O'Brien", "|Patrick||O'Brien"],
  ["Sean 'Jack' O'Neil", "|Sean||O'Neil||Jack"],
  ['William "Bill" Smith', '|William||Smith||Bill'],
  ['William “Bill” Smith', '|William||Smith||Bill'],
  ['Robert (Bob) Jones Jr', '|Robert||Jones|JR|Bob'],
  ['Smith, William (Bill) T', '|William|T|Smith||Bill'],
  ['John Smith (Jr)', '|John||Smith|JR'],
  ['John', '|John'],
  ['José Núñez', '|José||Núñez'],
  ['张 伟', '|张||伟'],
  ['John & Mary Smith', '|John||Smith + |Mary||Smith'],
  ['John and Mary Smith', '|John||Smith + |Mary||Smith'],
  ['John&Mary Smith', '|John||Smith + |Mary||Smith'],
  ['John/Mary Smith', '|John||Smith + |Mary||Smith'],
  ['John A. & Mary B. Smith', '|John|A|Smith + |Mary|B|Smith'],
  ['John Smith & Mary Jones', '|John||Smith + |Mary||Jones'],
  ['John Smith Jr & Mary', '|John||Smith|JR + |Mary||Smith'],
  ['Smith, John and Mary', '|John||Smith + |Mary||Smith'],
  ['Smith, John & Mary Ann', '|John||Smith + |Mary|Ann|Smith'],
  ['Smith, John & Mary Smith', '|John||Smith + |Mary||Smith'],
  ['Smith, John & Jones, Mary', '|John||Smith + |Mary||Jones'],
  ['Mr. & Mrs. John Smith', 'Mr|John||Smith + Mrs|||Smith'],
  ['Mr. and Mrs. John Smith Jr.', 'Mr|John||Smith|JR + Mrs|||Smith'],
  ['Smith, Mr. & Mrs. John', 'Mr|John||Smith + Mrs|||Smith'],
  ['Dr. John & Mrs. Mary Smith', 'Dr|John||Smith + Mrs|Mary||Smith'],
  ['John Smith et al', '|John||Smith'],
  ['Sandy Anderson', '|Sandy||Anderson'],
  ['', ''],
  ['  ', ''],
  ['&', ''],
  [',', ''],
]

const shape = (given: string): string =>
  parseFullName(given)
    .persons.map((p) => [p.prefix, p.first, p.middle, p.last, p.suffix, p.nickname].join('|').replace(/\|+$/, ''))
    .join(' + ')

describe('full names', () => {
  it.each(cases)('%j', (given, persons) => {
    expect(shape(given)).toBe(persons)
  })

  it('never throw, and every person has a name', () => {
    const words = fc.constantFrom(
      'John',
      'Smith',
      ',',
      '&',
      'and',
      'Jr',
      'V',
      'de',
      'la',
      'Mr.',
      '"',
      '(',
      ')',
      "'",
      'y',
      'O’B',
      '/',
      '.',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 9 }).map((w) => w.join(' ')),
    )
    fc.assert(
      fc.property(text, (s) => {
        for (const { first, last } of parseFullName(s).persons) expect(first + last).not.toBe('')
      }),
      { numRuns: 3000 },
    )
  })

  it('take long junk in their stride', () => {
    const started = performance.now()
    for (const junk of [' ', '"', '(', "' ", ',', 'a ', '&', 'a & ', '.']) parseFullName(junk.repeat(1_000_000))
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
