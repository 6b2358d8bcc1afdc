/** What a name in an exported model must not be: words of Promela and C, of the generated verifier, and our own. */
export const RESERVED: ReadonlySet<string> = new Set(
  [
    // Promela
    'active always assert atomic bit bool break byte c_code c_decl c_expr c_state c_track chan d_step do else empty',
    'enabled equivalent eval eventually false fi for full get_priority goto hidden if implies in init inline int len',
    'local ltl mtype nempty never nfull not notrace np_ od of pc_value pid printf printm priority proctype provided',
    'release return run select set_priority short show skip stronguntil timeout trace true typedef unless unsigned until',
    'weakuntil xr xs D_proctype now',
    // C
    'auto case char const continue default double enum extern float long register restrict signed sizeof static struct',
    'switch union void volatile while asm inline typeof main errno stdin stdout stderr signal raise abort exit free',
    'malloc calloc read write open close time index remainder linux unix i386 NULL EOF',
    // the verifier that SPIN generates
    'State Trail Trans Stack SV_Hold EV_Hold BFS_State BFS_Trail H_el II depth depthfound trpt pptr qptr q_sz rot uchar',
    'uint ulong ushort cas onstack_now onstack_put onstack_zap getframe maxdepth readtrail uerror wrapup whichclaim',
    // names of this exporter
    's next way draft handler why digit radix known position another choose choose_from fail fit inside clip exact add',
    'subtract multiply absolute truncate_ divide remainder_ minimum maximum when verify TRY TRY_FROM TEST STEP STEPS LEAF',
    'judge take take_initial within terminal can_init step_init initialise defaults left found here outer holds label',
    'number started waiting gone broken took ready unmade unmade_one report assumed is_assumed is_strong may_promise keep_promises',
    'advance satisfied is_enabled takes makes made CAN CHANGES MAKES MAY_STEP IS_STEP FAILURES_COUNT BEGIN LIVENESS ASSUMPTIONS ASSUMED',
    'possible alone REACH Variables MOST_CHOICES MOST_MESSAGES nothing',
  ].flatMap((line) => line.split(' ')),
);

/** Members of structs live in a name space of their own: only Promela's words and macros are taken there. */
export const RESERVED_MEMBERS: ReadonlySet<string> = new Set(
  [...RESERVED].filter(
    (word) =>
      !/^(s|next|way|draft|why|digit|radix|known|position|left|found|here|outer|holds|label|number)$/.test(word),
  ),
);
