import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256 } from '../../events/sha256.js'
import { appError, shown } from '../errors.js'
import { fileFailure, withFile } from '../file-failure.js'
import { makeFolder } from '../make-folder.js'

/** An Ed25519 key. `publicKey` is its SubjectPublicKeyInfo in base64; its SHA-256 in hex is what people compare. */
export interface SigningKey {
  readonly publicKey: string
  readonly keyId: string
  /** base64 */
  readonly sign: (text: string) => string
}

export const keyIdOf = (publicKey: string): string => sha256(Buffer.from(publicKey, 'base64')).toString('hex')

/** Base64 has several texts for the same bytes; only the one that we write counts, so that a changed character shows. */
const isPlainBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text

/** False also for what is no key or no signature. */
export const isSignedBy = (publicKey: string, text: string, signature: string): boolean => {
  if (!isPlainBase64(publicKey) || !isPlainBase64(signature)) return false
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

const keyPath = (dataDir: string): string => path.join(dataDir, 'signing-key.pem')

/** The key of a data folder, made at the first use, or the one in a file that is given. Throws BAD_FILE, FILE_NOT_FOUND. */
export const openSigningKey = async (dataDir: string, given?: string): Promise<SigningKey> => {
  const file = given ?? keyPath(dataDir)
  if (given === undefined) await makeKey(dataDir, file)
  const pem = await withFile(file, () => readFile(file, 'utf8'))
  const privateKey = privateKeyOf(pem, file)
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
  return {
    publicKey,
    keyId: keyIdOf(publicKey),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}

const privateKeyOf = (pem: string, file: string): KeyObject => {
  const wrong = appError('BAD_FILE', `${shown(file)} is no Ed25519 private key in PEM`, { file })
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') throw wrong
    return key
  } catch {
    throw wrong
  }
}

/** Written whole beside its place and then linked there: two first commands at once end with one key. */
const makeKey = async (dataDir: string, file: string): Promise<void> => {
  const draft = `${file}.${process.pid}`
  await makeFolder(dataDir)
  if (
    await readFile(file).then(
      () => true,
      () => false,
    )
  )
    return
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    await writeFile(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileFailure(error, file) ?? error
  } finally {
    await rm(draft, { force: true })
  }
}
