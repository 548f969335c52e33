import { describe, expect, it } from 'vitest'
import { areNicknames, nicknameGroups } from '../../../src/normalise/nickname.js'
import { nicknameTable } from '../../../src/normalise/nickname-table.js'

describe('nicknames', () => {
  it.each([
    ['WILLIAM', 'BILL'],
    ['LIAM', 'WILLIAM'],
    ['BILL', 'WILL'],
    ['BOB', 'ROBERT'],
    ['PEGGY', 'MARGARET'],
    ['PEPE', 'JOSE'],
    ['FRANCISCO', 'PACO'],
    ['MEMO', 'GUILLERMO'],
    ['CHUY', 'JESUS'],
    ['LUPE', 'GUADALUPE'],
    ['JACK', 'JOHN'],
    ['BETH', 'ELIZABETH'],
    ['NACHO', 'IGNACIO'],
  ])('%s and %s are one given name, both ways', (a, b) => {
    expect(areNicknames(a, b)).toBe(true)
    expect(areNicknames(b, a)).toBe(true)
  })

  it.each([
    ['CHRISTOPHER', 'CHRISTINA'],
    ['ROBERT', 'WILLIAM'],
    ['JOHN', 'JAMES'],
    ['MARY', 'MARTHA'],
    ['XOCHITL', 'WILLIAM'],
    ['', 'BILL'],
    ['BILL', 'BILL'],
  ])('%j and %j are not', (a, b) => {
    expect(areNicknames(a, b)).toBe(false)
  })

  it('come in a few hundred groups of names in key form, none twice in a line, no line twice', () => {
    const lines = nicknameTable.trim().split('\n')
    expect(lines.length).toBeGreaterThan(300)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(lines.length)
    for (const line of lines) {
      expect(line).toMatch(/^[A-Z]+(?: [A-Z]+)+$/)
      expect(new Set(line.split(' ')).size, line).toBe(line.split(' ').length)
    }
  })

  it('tell the groups that decide whether two names share one', () => {
    expect(nicknameGroups('XOCHITL')).toEqual([])
    const shared = nicknameGroups('BILLY').filter((group) => nicknameGroups('WILLIAM').includes(group))
    expect(shared.length).toBeGreaterThan(0)
    expect(nicknameGroups('CHRIS')).toEqual([...nicknameGroups('CHRIS')].sort((a, b) => a - b))
  })
})
