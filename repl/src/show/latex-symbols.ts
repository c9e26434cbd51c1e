/**
 * Characters for LaTeX commands, and for small digits and letters above and below the line.
 * @module
 */

/** By the command's name, without its backslash. */
export const SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alpha: 'α',
    beta: 'β',
    gamma: 'γ',
    delta: 'δ',
    epsilon: 'ε',
    varepsilon: 'ε',
    zeta: 'ζ',
    eta: 'η',
    theta: 'θ',
    kappa: 'κ',
    lambda: 'λ',
    mu: 'μ',
    nu: 'ν',
    xi: 'ξ',
    pi: 'π',
    rho: 'ρ',
    sigma: 'σ',
    tau: 'τ',
    phi: 'φ',
    varphi: 'φ',
    chi: 'χ',
    psi: 'ψ',
    omega: 'ω',
    Gamma: 'Γ',
    Delta: 'Δ',
    Theta: 'Θ',
    Lambda: 'Λ',
    Pi: 'Π',
    Sigma: 'Σ',
    Phi: 'Φ',
    Psi: 'Ψ',
    Omega: 'Ω',
    sum: '∑',
    prod: '∏',
    int: '∫',
    infty: '∞',
    partial: '∂',
    nabla: '∇',
    ell: 'ℓ',
    ldots: '…',
    dots: '…',
    cdots: '⋯',
    vdots: '⋮',
    prime: '′',
    lfloor: '⌊',
    rfloor: '⌋',
    lceil: '⌈',
    rceil: '⌉',
    langle: '⟨',
    rangle: '⟩',
    circ: '∘',
    top: '⊤',
    forall: '∀',
    exists: '∃',
    emptyset: '∅',
    log: 'log',
    ln: 'ln',
    exp: 'exp',
    sin: 'sin',
    cos: 'cos',
    max: 'max',
    min: 'min',
    gcd: 'gcd',
    deg: 'deg',
    lbrace: '{',
    rbrace: '}',
    '{': '{',
    '}': '}',
    '%': '%',
    '#': '#',
    '&': '&',
    $: '$',
    _: '_',
    '|': '‖',
    ',': ' ',
    ';': ' ',
    ':': ' ',
    ' ': ' ',
    '!': '',
    quad: '  ',
    qquad: '    ',
    left: '',
    right: '',
    big: '',
    Big: '',
    displaystyle: '',
  }),
);

/** Between what they join stand spaces. */
export const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cdot: '·',
    times: '×',
    otimes: '⊗',
    oplus: '⊕',
    odot: '⊙',
    pm: '±',
    ast: '∗',
    div: '÷',
    le: '≤',
    leq: '≤',
    ge: '≥',
    geq: '≥',
    ll: '≪',
    gg: '≫',
    ne: '≠',
    neq: '≠',
    approx: '≈',
    equiv: '≡',
    sim: '∼',
    cong: '≅',
    in: '∈',
    notin: '∉',
    subset: '⊂',
    subseteq: '⊆',
    cup: '∪',
    cap: '∩',
    to: '→',
    rightarrow: '→',
    leftarrow: '←',
    gets: '←',
    mapsto: '↦',
    Rightarrow: '⇒',
    Leftrightarrow: '⇔',
    mid: '|',
    bmod: 'mod',
    mod: 'mod',
  }),
);

const BLACKBOARD: ReadonlyMap<string, string> = new Map(
  Object.entries({ C: 'ℂ', N: 'ℕ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ', P: 'ℙ' }),
);

/** `ZZ` → `ℤℤ`; undefined where there is no such letter. */
export function blackboard(letters: string): string | undefined {
  return mapAll(letters, BLACKBOARD);
}

const RAISED = table(
  '0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ',
);
const LOWERED = table('0123456789+-−=()aehijklmnoprstuvx', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ');

/** `n-1` → `ⁿ⁻¹`; undefined where a character has no small form. */
export function raised(text: string): string | undefined {
  return mapAll(text, RAISED);
}

/** `10` → `₁₀`; undefined where a character has no small form. */
export function lowered(text: string): string | undefined {
  return mapAll(text, LOWERED);
}

function table(from: string, to: string): ReadonlyMap<string, string> {
  const images = [...to];
  return new Map([...from].map((character, i) => [character, images[i]!]));
}

function mapAll(text: string, map: ReadonlyMap<string, string>): string | undefined {
  const images = [...text].map((character) => map.get(character));
  return images.every((image) => image !== undefined) ? images.join('') : undefined;
}
