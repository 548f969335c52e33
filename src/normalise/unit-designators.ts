/**
 * strong: whatever follows is the unit. numbered: only with something like a number behind it, since the word may be part
 * of a street's name. alone: may stand without a number.
 */
type DesignatorKind = 'strong' | 'numbered' | 'alone'

interface Designator {
  readonly type: string
  readonly kind: DesignatorKind
}

/** Secondary unit designators of USPS Publication 28, appendix C2, and spellings seen in registers: `type=spellings`. */
const table: Readonly<Record<DesignatorKind, string>> = {
  strong: `
    #=#|APT=APT APARTMENT APTMT APMT APPT APTS|UNIT=UNIT UNT|BLDG=BLDG BUILDING BLD BLG|STE=SUITE SUIT|TRLR=TRLR TRAILER`,
  numbered: `
    #=NO NUM NUMBER|DEPT=DEPT DEPARTMENT|FL=FL FLOOR FLR|HNGR=HNGR HANGAR|KEY=KEY|LOT=LOT LT|PIER=PIER|RM=RM ROOM|SLIP=SLIP
    SPC=SPC SPACE SP|STOP=STOP|PMB=PMB|BOX=BOX|UNIT=CONDO VILLA|STE=STE|TRLR=TRL`,
  alone: `
    BSMT=BSMT BASEMENT|FRNT=FRNT FRONT|LBBY=LBBY LOBBY|LOWR=LOWR LOWER LWR DOWN DOWNSTAIRS|OFC=OFC OFFICE
    PH=PH PENTHOUSE|REAR=REAR|SIDE=SIDE|UPPR=UPPR UPPER UPR UP UPSTAIRS`,
}

const designators = new Map<string, Designator>()
for (const kind of ['strong', 'numbered', 'alone'] as const) {
  for (const row of table[kind].trim().split(/\||\n\s*/)) {
    const [type = '', spellings = ''] = row.split('=')
    for (const spelling of spellings.split(' ')) designators.set(spelling, { type, kind })
  }
}

/** What a token designates as a unit; undefined for other words. */
export const designatorOf = (token: string): Designator | undefined => designators.get(token)

/** Types that may stand alone and are hardly ever a street's name: a whole line may consist of them. */
export const neverStreets: ReadonlySet<string> = new Set(['BSMT', 'PH', 'REAR', 'LBBY'])
