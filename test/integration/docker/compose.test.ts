import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DCLinter } from 'dclint'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { finish, startProgram } from '../../e2e/run-cli.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8')

interface Service {
  readonly image?: string
  readonly build?: { readonly dockerfile: string }
  readonly user?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly ports?: readonly string[]
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, null>>
}

/** The package says its types where TypeScript doesn't look. */
type Lint = new (
  config: object,
) => {
  readonly lintFiles: (
    files: readonly string[],
    deep: false,
  ) => readonly { readonly messages: readonly { readonly rule: string }[] }[]
}

/** What the public schema says against a file. */
const faultsOf = (file: string) => {
  const linter = new (DCLinter as Lint)({ rules: {}, quiet: false, debug: false, exclude: [] })
  const faults = linter.lintFiles([file], false).flatMap(({ messages }) => messages)
  return faults.filter(({ rule }) => rule === 'invalid-schema' || rule === 'invalid-yaml')
}

const text = read('docker/compose.yaml')
const compose = parse(text, { merge: true }) as Compose
const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build !== undefined)

describe('docker/', () => {
  it.each(['compose.yaml', 'moving.yaml'])('%s is valid by the public Compose schema', (name) => {
    expect(faultsOf(`${root}docker/${name}`)).toEqual([])
  })

  it('the check of the schema finds what is wrong', () => {
    expect(faultsOf(fileURLToPath(new URL('wrong-compose.yaml', import.meta.url)))).not.toEqual([])
  })

  it('every image is pinned, every service has a health check, none has a port or more rights than it needs', () => {
    for (const [name, service] of services) {
      expect(service.image, name).toMatch(/:\d+\.\d+/)
      expect(service.healthcheck?.test.length, name).toBeGreaterThan(1)
      expect(service.ports, name).toBeUndefined()
      expect(service.privileged, name).toBeUndefined()
      expect(service, name).toMatchObject({ cap_drop: ['ALL'] })
      expect(service.read_only === true || name === 'kafka', name).toBe(true)
      for (const volume of service.volumes ?? []) expect(compose.volumes, name).toHaveProperty(volume.split(':')[0]!)
    }
  })

  it('no password stands in it: each is a variable that must be given', () => {
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|SECRET/.test(name)) expect(value).toMatch(/^\$\{\w+:\?[^}]+\}$/)
        const [, password] = /^[a-z]+:\/\/[^:/]+:(.*)@/.exec(value) ?? []
        if (password !== undefined) expect(password).toMatch(/^\$\{\w+:\?[^}]+\}$/)
      }
    }
    for (const [variable] of text.matchAll(/\$\{\w+/g)) expect(read('README.md')).toContain(variable.slice(2))
  })

  it('its variables are those that the program reads', () => {
    const settings = read('src/config.ts') + read('src/publish/kafka-settings.ts')
    const known = new Set([...settings.matchAll(/['.]([A-Z]+_[A-Z_]+)/g)].map(([, name]) => name))
    const given = ours.flatMap(([, { environment = {} }]) => Object.keys(environment))
    expect(given.length).toBeGreaterThan(4)
    expect(given.filter((name) => !known.has(name))).toEqual([])
  })

  it.each(ours)('%s runs a command that is there, with options that it has', async (_, { command = [] }) => {
    const [name = '', ...rest] = command
    const { stdout } = await finish(startProgram(name, '--help'))
    expect(stdout).toContain(`Usage: matchbook ${name} `)
    for (const option of rest.filter((word) => word.startsWith('--'))) expect(stdout).toContain(`${option} `)
  })

  it('the image is built of files that are there, runs as nobody special, and starts the program', () => {
    for (const [, { build }] of ours) expect(existsSync(`${root}${build!.dockerfile}`)).toBe(true)
    const dockerfile = read('docker/Dockerfile')
    const sent = read('.dockerignore').match(/(?<=^!).+/gm) ?? []
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names!.split(' '))
    expect([...new Set(copied)].sort()).toEqual([...sent].sort())
    for (const name of sent) expect(existsSync(`${root}${name}`), name).toBe(true)
    const stages = dockerfile.split(/^FROM /m)
    expect(stages.at(-1)).toMatch(/^USER node$/m)
    for (const stage of stages.slice(1)) expect(stage).toMatch(/^node:20\.\d+\.\d+-slim\b/)
    const bin = (JSON.parse(read('package.json')) as { bin: { matchbook: string } }).bin.matchbook
    expect(stages.at(-1)).toContain(`ENTRYPOINT ["/app/${bin}"]`)
  })
})
