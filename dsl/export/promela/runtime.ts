/**
 * What every exported model needs of C: the way a step is tried, its choices, its failures, and arithmetic that fails
 * instead of wrapping around. Steps are tried on `draft`, a copy of the state; SPIN sees a step only when all of it was
 * possible.
 */
export const RUNTIME = `\
c_decl {
\\#include <setjmp.h>
\\#include <stdio.h>
\\#include <string.h>
};

#define MOST_CHOICES 256
#define MOST_MESSAGES 256

c_code {
extern long depth;
extern int readtrail;
void spin_assert(int, char *, int, int, Trans *);

/* An error; SPIN prints only the first, so each is also printed once here (see them all with ./pan -c0). */
static void report(const char *message) {
  static const char *told[MOST_MESSAGES]; static int count; int i;
  for (i = 0; i < count && strcmp(told[i], message); i++) ;
  if (i == count && count < MOST_MESSAGES) { told[count++] = message; printf("violated: %s\\n", message); }
  spin_assert(0, (char *) message, 0, 0, 0);
}

static struct Variables draft;     /* the state that the step being tried is making */
static jmp_buf *handler;           /* where a failing step goes */
static int asking;                 /* whether a step is only tried to see if it is enabled */
static const char *why;            /* why the last step failed; 0 if it did not */
static const char *unmade;         /* why there is no initial state; 0 if there is */
static const char *unmade_one;     /* why one of the initial states could not be made */

/* The choices of a step, as an odometer: the last that can advance does. */
static int digit[MOST_CHOICES], radix[MOST_CHOICES], known, position;

static void fail(const char *message) { why = message; longjmp(*handler, 1); }

/* A number below n; -1 if there is none. */
static int choose(int n) {
  if (n == 0) return -1;
  if (position == MOST_CHOICES) fail("too many choices in one step");
  if (position == known) { digit[known] = 0; radix[known++] = n; }
  return digit[position++];
}

static int another(void) {
  while (known > 0 && digit[known - 1] + 1 == radix[known - 1]) known--;
  if (known == 0) return 0;
  digit[known - 1]++;
  return 1;
}

static int choose_from(const LEAF *has, int size) {
  int i, n = 0;
  for (i = 0; i < size; i++) n += has[i];
  n = choose(n);
  if (n < 0) return n;
  for (i = 0; ; i++) if (has[i] && n-- == 0) return i;
}

static int fit(int v, int low, int high, const char *message) { if (v < low || high < v) fail(message); return v; }
static int inside(int i, int length, const char *message) { if (i < 0 || length <= i) fail(message); return i; }
static int clip(int i, int length) { if (i < 0) i = i + length < 0 ? 0 : i + length; return length < i ? length : i; }
static int exact(long long v, const char *message) {
  if (v < -2147483648LL || 2147483647LL < v) fail(message);
  return (int) v;
}
static int add(int a, int b, const char *message) { return exact((long long) a + b, message); }
static int subtract(int a, int b, const char *message) { return exact((long long) a - b, message); }
static int multiply(int a, int b, const char *message) { return exact((long long) a * b, message); }
static int absolute(int a, const char *message) { return a < 0 ? subtract(0, a, message) : a; }
static int truncate_(int a, int b, const char *message) {
  if (b == 0) fail(message);
  return exact((long long) a / b, message);
}
static int divide(int a, int b, const char *message) {
  int q = truncate_(a, b, message);
  return (long long) q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}
static int remainder_(int a, int b, const char *message) { if (b == 0) fail(message); return (long long) a % b; }
static int minimum(int a, int b) { return a < b ? a : b; }
static int maximum(int a, int b) { return a < b ? b : a; }
};
`;

/** Macros of the preprocessor that Promela and its C share. */
export const MACROS = `\
/* The step is not possible unless this holds; the step fails unless that holds. */
#define when(...) if (!(__VA_ARGS__)) return 0
#define verify(condition, message) if (!(condition)) fail(message)

/* Whether a step from this state can be made in one more way than \`way\`; then \`draft\` is what it leads to. */
#define TRY_FROM(state, step) \\
  volatile int left = way, found = 0; jmp_buf here, *outer = handler; \\
  handler = &here; known = 0; \\
  do { \\
    position = 0; why = 0; draft = state; \\
    if (setjmp(here) ? FAILURES_COUNT : ((step) && IS_STEP)) found = left-- == 0; \\
  } while (!found && another()); \\
  handler = outer; \\
  return found
#define TRY(step) if (unmade || !MAY_STEP) return 0; TRY_FROM(now.s, step)

/* Whether a step can be made in some way that does not fail, be it to a state that is not explored. */
#define CAN(can, ...) ({ int way, yes = 0; asking++; \\
  for (way = 0; !yes && can(way, ##__VA_ARGS__); way++) yes = !why; \\
  asking--; yes; })

/* Whether some way that a step can be made changes the state, be it to one that is not explored. */
#define CHANGES(can, ...) ({ int way, yes = 0; asking++; \\
  for (way = 0; !yes && can(way, ##__VA_ARGS__); way++) yes = !why && memcmp(&draft, &now.s, sizeof draft) != 0; \\
  asking--; yes; })

/* Whether some way that a step can be made leads where the one that is being made does. */
#define MAKES(can, ...) ({ int way, yes = 0; asking++; \\
  for (way = 0; !yes && can(way, ##__VA_ARGS__); way++) yes = !why && memcmp(&draft, &made, sizeof draft) == 0; \\
  asking--; yes; })

/* The value of a condition; its failure is an error, and then it has the other value. */
#define TEST(condition, otherwise) \\
  volatile int holds; jmp_buf here, *outer = handler; \\
  handler = &here; \\
  if (setjmp(here)) { report(why); why = 0; holds = otherwise; } else holds = (condition); \\
  handler = outer; \\
  return holds

/* A step that can go one way, and one that makes choices: each way it can go is one transition. */
#define STEP(label, number, can, ...) d_step { c_expr { can (0, ##__VA_ARGS__) } -> c_code { take(number, label); } }
#define STEPS(label, number, can, ...) atomic { c_expr { can (0, ##__VA_ARGS__) } -> way = 0; \\
  do :: c_expr { can (way + 1, ##__VA_ARGS__) } -> way++ :: break od; \\
  d_step { c_code { can (way, ##__VA_ARGS__); take(number, label); } } }
`;
