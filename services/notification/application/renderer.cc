#include "services/notification/application/renderer.h"

#include <unicode/datefmt.h>
#include <unicode/dtptngen.h>
#include <unicode/msgfmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_map>

#include "common/domain/clock_ops.h"
#include "services/notification/application/templates.h"

namespace escalon::notification {
namespace {

constexpr std::string_view kFallbackLanguage = "en";
constexpr size_t kMostZones = 1000;  ///< formats kept
constexpr size_t kMostListed = 50;   ///< lines of a bundle

icu::UnicodeString Icu(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string Utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// Arguments of the patterns, in a fixed order.
enum Argument : size_t {
  kCase,
  kTitle,
  kPriority,
  kState,
  kLevel,
  kTeam,
  kOwner,
  kService,
  kRef,
  kDue,
  kUpdate,
  kEta,
  kWhy,
  kLink,
  kConfirm,
  kReject,
  kRate,
  kView,
  kCount,
  kList,
  kChildren,
  kLead,
  kArguments
};
constexpr std::array<std::string_view, kArguments> kNames{
    "case", "title", "priority", "state",   "level",  "team", "owner", "service", "ref",  "due",      "update",
    "eta",  "why",   "link",     "confirm", "reject", "rate", "view",  "count",   "list", "children", "lead"};

using Arguments = std::array<std::string, kArguments>;

struct Pattern {
  std::unique_ptr<icu::MessageFormat> subject, text;
};

struct Language {
  icu::Locale locale;
  std::unordered_map<std::string, Pattern> patterns;
  icu::UnicodeString date_pattern;
};

Result<std::unique_ptr<icu::MessageFormat>> Compile(const std::string& place, std::string_view pattern,
                                                    const icu::Locale& locale) {
  UErrorCode error = U_ZERO_ERROR;
  UParseError where{};
  auto format = std::make_unique<icu::MessageFormat>(Icu(pattern), locale, where, error);
  if (U_FAILURE(error)) {
    return InvalidField(place, std::string("is no ICU message pattern (") + u_errorName(error) + " at character " +
                                   std::to_string(where.offset) + ")");
  }
  std::unique_ptr<icu::StringEnumeration> names(format->getFormatNames(error));
  if (names == nullptr) return format;
  for (const icu::UnicodeString* name = names->snext(error); name != nullptr; name = names->snext(error)) {
    const std::string text = Utf8(*name);
    if (std::find(kNames.begin(), kNames.end(), text) == kNames.end()) {
      return InvalidField(place, "uses the unknown argument {" + text + "}");
    }
  }
  return format;
}

std::string_view EventOf(std::string_view message) {
  const size_t dash = message.rfind('-');
  return dash == std::string_view::npos ? message : message.substr(dash + 1);
}

size_t ChildrenOf(const Case& c) {
  return static_cast<size_t>(std::count_if(c.links.begin(), c.links.end(),
                                           [](const Linked& link) { return link.relation == LinkRelation::kParent; }));
}

std::string_view LinkOf(const Letter& letter, const char* action) {
  const auto found = letter.links.find(action);
  return found == letter.links.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string OneLine(std::string_view text, size_t most) {
  const icu::UnicodeString in = Icu(text);
  icu::UnicodeString out;
  for (int32_t i = 0; i < in.length(); i = in.moveIndex32(i, 1)) {
    const UChar32 c = in.char32At(i);
    const int8_t type = u_charType(c);
    const bool breaks =
        type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR || type == U_SURROGATE;
    const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    out.append(breaks || turns ? UChar32{' '} : c);
  }
  out.trim();
  std::string line = Utf8(out);
  if (line.size() > most) {
    size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
  }
  return line;
}

InstantMs DueOf(const Case& c) {
  InstantMs due = kNever;
  for (const ClockRun& clock : c.clocks) {
    const bool promise = clock.name.starts_with("step.") || clock.name == "acknowledgement" ||
                         clock.name == "response" || clock.name == "resolution" || clock.name == decide::kHandoverClock;
    if (promise && !clock.paused() && clock.breached_at == 0 && clock.due_at != kNever)
      due = std::min(due, clock.due_at);
  }
  return due == kNever ? 0 : due;
}

struct Renderer::Impl {
  std::map<std::string, Language, std::less<>> languages;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<icu::SimpleDateFormat>> dates;
  std::vector<icu::UnicodeString> names;

  Status Add(const std::string& language, const std::string& place, std::string_view name, std::string_view subject,
             std::string_view text) {
    Language& in = Of(language);
    Result<std::unique_ptr<icu::MessageFormat>> first = Compile(place + ".subject", subject, in.locale);
    if (!first.ok()) return first.error();
    Result<std::unique_ptr<icu::MessageFormat>> second = Compile(place + ".text", text, in.locale);
    if (!second.ok()) return second.error();
    in.patterns[std::string(name)] = {std::move(*first), std::move(*second)};
    return {};
  }

  Language& Of(const std::string& language) {
    const auto [found, added] = languages.try_emplace(language);
    if (added) {
      UErrorCode error = U_ZERO_ERROR;
      found->second.locale = icu::Locale::forLanguageTag(language, error);
      const std::unique_ptr<icu::DateTimePatternGenerator> generator(
          icu::DateTimePatternGenerator::createInstance(found->second.locale, error));
      if (U_SUCCESS(error)) found->second.date_pattern = generator->getBestPattern(u"yMMMdjmz", error);
    }
    return found->second;
  }

  Status AddFile(const std::filesystem::path& path) {
    const std::string language = path.stem().string();
    try {
      const YAML::Node root = YAML::LoadFile(path.string());
      if (!root.IsMap()) return InvalidField(path.string(), "must map names of templates to subject and text");
      for (const auto& item : root) {
        const auto name = item.first.as<std::string>();
        const std::string place = path.string() + ": " + name;
        if (!item.second.IsMap()) return InvalidField(place, "must have a subject and a text");
        for (const auto& part : item.second) {
          const auto key = part.first.as<std::string>();
          if (key != "subject" && key != "text") return InvalidField(place, "has the unknown key " + key);
        }
        const YAML::Node subject = item.second["subject"], text = item.second["text"];
        const Status added =
            Add(language, place, name, subject ? subject.as<std::string>() : "", text ? text.as<std::string>() : "");
        if (!added.ok()) return added;
      }
    } catch (const YAML::Exception& e) {
      return InvalidField(path.string(), e.what());
    }
    return {};
  }

  /// The reader's best language that has templates.
  const std::pair<const std::string, Language>& Choose(const std::vector<std::string>& wanted) const {
    for (std::string language : wanted) {
      while (!language.empty()) {
        const auto found = languages.find(language);
        if (found != languages.end()) return *found;
        const size_t dash = language.rfind('-');
        language.resize(dash == std::string::npos ? 0 : dash);
      }
    }
    return *languages.find(kFallbackLanguage);
  }

  const Pattern& Find(const Language& language, const Letter& letter) const {
    const std::string message(letter.message), event(EventOf(letter.message)),
        channel = "." + std::string(letter.channel);
    const std::string side = letter.outside ? "requester-" : "";
    const Language& fallback = languages.find(kFallbackLanguage)->second;
    for (const Language* in : {&language, &fallback}) {
      for (const std::string& name :
           {message + channel, message, side + event + channel, side + event, side + "other"}) {
        // What is written for the inside is not for the outside.
        if (letter.outside && !name.starts_with("requester-") && name != message) continue;
        if (letter.outside && name == message && message == event) continue;
        const auto found = in->patterns.find(name);
        if (found != in->patterns.end()) return found->second;
      }
    }
    return fallback.patterns.find("other")->second;
  }

  std::string Date(const std::string& tag, const Language& language, std::string_view timezone, InstantMs at) {
    if (at <= 0 || at == kNever) return {};
    if (dates.size() > kMostZones) dates.clear();
    auto& format = dates[{tag, std::string(timezone)}];
    UErrorCode error = U_ZERO_ERROR;
    if (format == nullptr) {
      format = std::make_unique<icu::SimpleDateFormat>(language.date_pattern, language.locale, error);
      if (U_FAILURE(error)) return FormatInstant(at);
      format->adoptTimeZone(icu::TimeZone::createTimeZone(Icu(timezone.empty() ? "UTC" : timezone)));
    }
    icu::UnicodeString out;
    format->format(static_cast<UDate>(at), out);
    return Utf8(out);
  }

  std::string Fill(const icu::MessageFormat& format, const Arguments& arguments) const {
    std::vector<icu::Formattable> values;
    values.reserve(kArguments);
    for (const std::string& argument : arguments) values.emplace_back(Icu(argument.empty() ? "none" : argument));
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString out;
    format.format(names.data(), values.data(), static_cast<int32_t>(kArguments), out, error);
    return Utf8(out);
  }

  Arguments ArgumentsOf(const std::string& tag, const Language& language, const Letter& letter) {
    Arguments a;
    a[kCase] = letter.case_id.empty() ? "" : letter.case_id.ToString();
    a[kTitle] = letter.text.empty() ? a[kCase] : OneLine(letter.text);
    a[kPriority] = std::string(Name(letter.priority));
    if (!letter.outside) a[kWhy] = OneLine(letter.why);
    a[kLink] = LinkOf(letter, "acknowledge");
    a[kConfirm] = LinkOf(letter, "confirm");
    a[kReject] = LinkOf(letter, "reject");
    a[kRate] = LinkOf(letter, "rate");
    a[kView] = LinkOf(letter, "view");
    if (letter.c == nullptr) return a;
    const Case& c = *letter.c;
    // Need to know: a message leaves the house and lies in inboxes.
    if (!c.facts->restricted || letter.outside) {
      a[kTitle] = OneLine(c.facts->title);
      a[kService] = OneLine(c.facts->service);
    } else {
      a[kTitle] = a[kCase];
      a[kWhy].clear();
    }
    a[kRef] = OneLine(c.facts->external_ref);
    a[kEta] = Date(tag, language, letter.timezone, c.eta_at);
    const ClockRun* cadence = c.clock(decide::kCadenceClock);
    if (cadence != nullptr && !cadence->paused()) a[kUpdate] = Date(tag, language, letter.timezone, cadence->due_at);
    if (letter.outside) return a;
    a[kState] = std::string(Name(c.state));
    a[kLevel] = OneLine(c.functional.level);
    a[kTeam] = OneLine(c.owner.team);
    a[kOwner] = OneLine(c.owner.person);
    if (const size_t children = ChildrenOf(c); children > 0) a[kChildren] = std::to_string(children);
    a[kDue] = Date(tag, language, letter.timezone, DueOf(c));
    return a;
  }
};

Renderer::Renderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Renderer::~Renderer() = default;

Result<std::unique_ptr<Renderer>> Renderer::Create(const std::string& folder) {
  auto impl = std::make_unique<Impl>();
  for (const std::string_view name : kNames) impl->names.push_back(Icu(name));
  for (const TemplateSet& set : BuiltInTemplates()) {
    for (const Template& one : set.templates) {
      const std::string place = "built-in template " + std::string(set.language) + "/" + std::string(one.name);
      const Status added = impl->Add(std::string(set.language), place, one.name, one.subject, one.text);
      if (!added.ok()) return added.error();
    }
  }
  if (!folder.empty()) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    if (error) return InvalidField("templates.dir", folder + " cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      const Status added = impl->AddFile(file);
      if (!added.ok()) return added.error();
    }
  }
  return std::unique_ptr<Renderer>(new Renderer(std::move(impl)));
}

Rendered Renderer::Render(const Letter& letter) {
  const auto& [tag, language] = impl_->Choose(letter.languages);
  const Pattern& pattern = impl_->Find(language, letter);
  Arguments arguments = impl_->ArgumentsOf(tag, language, letter);
  Rendered out;
  out.language = tag;
  out.subject = OneLine(impl_->Fill(*pattern.subject, arguments));
  arguments[kLead] = impl_->Fill(*pattern.text, arguments);
  const auto details = language.patterns.find(letter.outside ? "requester-details" : "details");
  const bool plain = details == language.patterns.end() || letter.message == "test_page";
  out.text = plain ? arguments[kLead] : impl_->Fill(*details->second.text, arguments);
  return out;
}

Rendered Renderer::RenderBundle(const std::vector<Letter>& letters) {
  const auto& [tag, language] = impl_->Choose(letters.front().languages);
  std::string list;
  for (size_t i = 0; i < letters.size() && i < kMostListed; ++i) {
    const Letter& letter = letters[i];
    list +=
        "- " + OneLine(impl_->Fill(*impl_->Find(language, letter).subject, impl_->ArgumentsOf(tag, language, letter)));
    list += "\n  " + letter.case_id.ToString() + "\n";
    const std::string_view link = LinkOf(letter, "acknowledge");
    if (!link.empty()) list.append("  ").append(link).append("\n");
  }
  if (letters.size() > kMostListed) list += "- …\n";
  Arguments arguments;
  arguments[kCount] = std::to_string(letters.size());
  arguments[kList] = list;
  const Language& fallback = impl_->languages.find(kFallbackLanguage)->second;
  const auto own = language.patterns.find("bundle");
  const Pattern& pattern = own != language.patterns.end() ? own->second : fallback.patterns.find("bundle")->second;
  Rendered out;
  out.language = tag;
  out.subject = OneLine(impl_->Fill(*pattern.subject, arguments));
  out.text = impl_->Fill(*pattern.text, arguments);
  return out;
}

}  // namespace escalon::notification
