#include "tokenizer/html_entities.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "kiloword/base/utf8.h"

namespace kiloword {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kBeyondUnicode = 0x110000;
constexpr size_t kLongestName = 8;  // "thetasym"

struct NamedCharacter {
  std::string_view name;
  char32_t code_point;
};

/// U+00A0 .. U+00FF in order (HTML 4.01, section 24.2).
constexpr std::array<std::string_view, 96> kLatin1Names = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",
    "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",
    "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12",
    "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil",
    "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde",
    "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",
    "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

/// The markup characters, in both spellings that need no semicolon.
constexpr NamedCharacter kMarkupNames[] = {{"quot", '"'},  {"QUOT", '"'}, {"amp", '&'}, {"AMP", '&'},
                                           {"lt", '<'},    {"LT", '<'},   {"gt", '>'},  {"GT", '>'},
                                           {"COPY", 0xA9}, {"REG", 0xAE}};

/// Sections 24.3 and 24.4, with the code points that HTML5 gives them, and XML's apostrophe; these need the
/// semicolon.
constexpr NamedCharacter kSymbolNames[] = {
    {"apos", '\''},     {"OElig", 0x0152},  {"oelig", 0x0153},   {"Scaron", 0x0160},   {"scaron", 0x0161},
    {"Yuml", 0x0178},   {"fnof", 0x0192},   {"circ", 0x02C6},    {"tilde", 0x02DC},    {"Alpha", 0x0391},
    {"Beta", 0x0392},   {"Gamma", 0x0393},  {"Delta", 0x0394},   {"Epsilon", 0x0395},  {"Zeta", 0x0396},
    {"Eta", 0x0397},    {"Theta", 0x0398},  {"Iota", 0x0399},    {"Kappa", 0x039A},    {"Lambda", 0x039B},
    {"Mu", 0x039C},     {"Nu", 0x039D},     {"Xi", 0x039E},      {"Omicron", 0x039F},  {"Pi", 0x03A0},
    {"Rho", 0x03A1},    {"Sigma", 0x03A3},  {"Tau", 0x03A4},     {"Upsilon", 0x03A5},  {"Phi", 0x03A6},
    {"Chi", 0x03A7},    {"Psi", 0x03A8},    {"Omega", 0x03A9},   {"alpha", 0x03B1},    {"beta", 0x03B2},
    {"gamma", 0x03B3},  {"delta", 0x03B4},  {"epsilon", 0x03B5}, {"zeta", 0x03B6},     {"eta", 0x03B7},
    {"theta", 0x03B8},  {"iota", 0x03B9},   {"kappa", 0x03BA},   {"lambda", 0x03BB},   {"mu", 0x03BC},
    {"nu", 0x03BD},     {"xi", 0x03BE},     {"omicron", 0x03BF}, {"pi", 0x03C0},       {"rho", 0x03C1},
    {"sigmaf", 0x03C2}, {"sigma", 0x03C3},  {"tau", 0x03C4},     {"upsilon", 0x03C5},  {"phi", 0x03C6},
    {"chi", 0x03C7},    {"psi", 0x03C8},    {"omega", 0x03C9},   {"thetasym", 0x03D1}, {"upsih", 0x03D2},
    {"piv", 0x03D6},    {"ensp", 0x2002},   {"emsp", 0x2003},    {"thinsp", 0x2009},   {"zwnj", 0x200C},
    {"zwj", 0x200D},    {"lrm", 0x200E},    {"rlm", 0x200F},     {"ndash", 0x2013},    {"mdash", 0x2014},
    {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201A},   {"ldquo", 0x201C},    {"rdquo", 0x201D},
    {"bdquo", 0x201E},  {"dagger", 0x2020}, {"Dagger", 0x2021},  {"bull", 0x2022},     {"hellip", 0x2026},
    {"permil", 0x2030}, {"prime", 0x2032},  {"Prime", 0x2033},   {"lsaquo", 0x2039},   {"rsaquo", 0x203A},
    {"oline", 0x203E},  {"frasl", 0x2044},  {"euro", 0x20AC},    {"image", 0x2111},    {"weierp", 0x2118},
    {"real", 0x211C},   {"trade", 0x2122},  {"alefsym", 0x2135}, {"larr", 0x2190},     {"uarr", 0x2191},
    {"rarr", 0x2192},   {"darr", 0x2193},   {"harr", 0x2194},    {"crarr", 0x21B5},    {"lArr", 0x21D0},
    {"uArr", 0x21D1},   {"rArr", 0x21D2},   {"dArr", 0x21D3},    {"hArr", 0x21D4},     {"forall", 0x2200},
    {"part", 0x2202},   {"exist", 0x2203},  {"empty", 0x2205},   {"nabla", 0x2207},    {"isin", 0x2208},
    {"notin", 0x2209},  {"ni", 0x220B},     {"prod", 0x220F},    {"sum", 0x2211},      {"minus", 0x2212},
    {"lowast", 0x2217}, {"radic", 0x221A},  {"prop", 0x221D},    {"infin", 0x221E},    {"ang", 0x2220},
    {"and", 0x2227},    {"or", 0x2228},     {"cap", 0x2229},     {"cup", 0x222A},      {"int", 0x222B},
    {"there4", 0x2234}, {"sim", 0x223C},    {"cong", 0x2245},    {"asymp", 0x2248},    {"ne", 0x2260},
    {"equiv", 0x2261},  {"le", 0x2264},     {"ge", 0x2265},      {"sub", 0x2282},      {"sup", 0x2283},
    {"nsub", 0x2284},   {"sube", 0x2286},   {"supe", 0x2287},    {"oplus", 0x2295},    {"otimes", 0x2297},
    {"perp", 0x22A5},   {"sdot", 0x22C5},   {"lceil", 0x2308},   {"rceil", 0x2309},    {"lfloor", 0x230A},
    {"rfloor", 0x230B}, {"lang", 0x27E8},   {"rang", 0x27E9},    {"loz", 0x25CA},      {"spades", 0x2660},
    {"clubs", 0x2663},  {"hearts", 0x2665}, {"diams", 0x2666}};

/// What browsers make of references to the C1 controls (Windows-1252).
constexpr std::array<char32_t, 32> kC1References = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

template <typename Table>
char32_t find_in(const Table& table, std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [name](const NamedCharacter& entry) { return entry.name == name; });
  return found == std::end(table) ? 0 : found->code_point;
}

/// The character of a name that is known without semicolon, or 0.
char32_t find_bare_name(std::string_view name) {
  const auto latin = std::find(kLatin1Names.begin(), kLatin1Names.end(), name);
  if (latin != kLatin1Names.end()) return static_cast<char32_t>(0xA0 + (latin - kLatin1Names.begin()));
  return find_in(kMarkupNames, name);
}

int digit_value(char c, int base) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// HTML5, "numeric character reference end state", as Python reads it: most controls and all noncharacters
/// vanish.
void append_numbered(std::string& out, char32_t number) {
  const bool control = number < 0x20 || (number >= 0x7F && number < 0xA0);
  const bool kept_control = number == '\t' || number == '\n' || number == '\f' || number == '\r';
  const bool noncharacter = (number >= 0xFDD0 && number <= 0xFDEF) || (number & 0xFFFE) == 0xFFFE;
  if (number == 0 || number >= kBeyondUnicode || (number >= 0xD800 && number <= 0xDFFF)) {
    append_utf8(out, kReplacement);
  } else if (number >= 0x80 && number < 0xA0) {
    append_utf8(out, kC1References[number - 0x80]);
  } else if (kept_control || !(control || noncharacter)) {
    append_utf8(out, number);
  }
}

/// Appends what the numeric reference at the start of `rest` ("&#...") stands for. Returns its length, 0 for
/// none.
size_t unescape_number(std::string_view rest, std::string& out) {
  const bool hexadecimal = rest.size() > 2 && (rest[2] == 'x' || rest[2] == 'X');
  const int base = hexadecimal ? 16 : 10;
  const size_t first = hexadecimal ? 3 : 2;
  size_t end = first;
  char32_t number = 0;
  for (; end < rest.size() && digit_value(rest[end], base) >= 0; ++end) {
    const auto digit = static_cast<char32_t>(digit_value(rest[end], base));
    number = std::min<char32_t>(kBeyondUnicode, number * static_cast<char32_t>(base) + digit);
  }
  if (end == first) return 0;
  append_numbered(out, number);
  return end < rest.size() && rest[end] == ';' ? end + 1 : end;
}

/// The same for a named reference: the whole name with its semicolon, else the longest start that needs none.
size_t unescape_name(std::string_view rest, std::string& out) {
  size_t length = 0;
  while (length <= kLongestName && 1 + length < rest.size() && is_alphanumeric(rest[1 + length])) ++length;
  if (1 + length < rest.size() && rest[1 + length] == ';') {
    const std::string_view name = rest.substr(1, length);
    const char32_t symbol = find_in(kSymbolNames, name);
    if (const char32_t c = symbol != 0 ? symbol : find_bare_name(name); c != 0) {
      append_utf8(out, c);
      return length + 2;
    }
  }
  for (; length > 1; --length) {
    if (const char32_t c = find_bare_name(rest.substr(1, length)); c != 0) {
      append_utf8(out, c);
      return length + 1;
    }
  }
  return 0;
}

}  // namespace

std::string unescape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    size_t length = 0;
    if (rest[0] == '&' && rest.size() > 1) {
      length = rest[1] == '#' ? unescape_number(rest, out) : unescape_name(rest, out);
    }
    if (length == 0) {
      out += rest[0];
      length = 1;
    }
    i += length;
  }
  return out;
}

}  // namespace kiloword
