#include "common/domain/zone.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"

namespace escalon {
namespace {

/// Names in the zone database that stand for an offset, not for a place: their users would miss summer time.
constexpr std::array<std::string_view, 17> kAbbreviations{"EST",  "MST",     "HST",     "CET",     "MET",    "EET",
                                                          "WET",  "GMT",     "GMT0",    "GMT+0",   "GMT-0",  "UCT",
                                                          "Zulu", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"};

bool IsPlaceName(std::string_view name) {
  if (name.empty() || name.size() > 64 || !absl::ascii_isalpha(static_cast<unsigned char>(name[0]))) return false;
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' || c == '+';
  });
  if (!letters || name.back() == '/' || name.find("//") != std::string_view::npos) return false;
  // What the loader understands beside the database's own names.
  for (const std::string_view prefix : {"Fixed/", "posix/", "right/"}) {
    if (name.starts_with(prefix)) return false;
  }
  if (name == "localtime" || name == "posixrules" || name == "Factory") return false;
  return std::find(kAbbreviations.begin(), kAbbreviations.end(), name) == kAbbreviations.end();
}

DurationMs FloorMod(DurationMs a, DurationMs b) { return ((a % b) + b) % b; }

}  // namespace

Result<Zone> Zone::Load(std::string_view name, std::string_view field) {
  absl::TimeZone zone;
  if (!IsPlaceName(name) || !absl::LoadTimeZone(std::string(name), &zone))
    return InvalidField(std::string(field), "must be an IANA time zone name, such as Europe/Berlin");
  return Zone(zone);
}

ResolvedTime Zone::Resolve(LocalTime local) const {
  const DurationMs millis = FloorMod(local.of_day, kSecondMs);
  const absl::CivilSecond civil = absl::CivilSecond(local.date) + (local.of_day - millis) / kSecondMs;
  const absl::TimeZone::TimeInfo info = zone_.At(civil);
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::SKIPPED: {
      const InstantMs after = absl::ToUnixMillis(info.trans);
      return {ResolvedTime::Kind::kGap, after, after};
    }
    case absl::TimeZone::TimeInfo::REPEATED:
      return {ResolvedTime::Kind::kAmbiguous, absl::ToUnixMillis(info.pre) + millis,
              absl::ToUnixMillis(info.post) + millis};
    case absl::TimeZone::TimeInfo::UNIQUE:
      break;
  }
  const InstantMs at = absl::ToUnixMillis(info.pre) + millis;
  return {ResolvedTime::Kind::kUnique, at, at};
}

LocalTime Zone::LocalAt(InstantMs at) const {
  const absl::CivilSecond civil = zone_.At(absl::FromUnixMillis(at)).cs;
  const LocalDate date(civil);
  return {date, (civil - absl::CivilSecond(date)) * kSecondMs + FloorMod(at, kSecondMs)};
}

int Zone::OffsetSecondsAt(InstantMs at) const { return zone_.At(absl::FromUnixMillis(at)).offset; }

std::string Zone::OffsetTextAt(InstantMs at) const {
  const int offset = OffsetSecondsAt(at);
  const int size = std::abs(offset);
  char text[32];
  if (size % 60 == 0) {
    std::snprintf(text, sizeof text, "%c%02d:%02d", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  } else {
    std::snprintf(text, sizeof text, "%c%02d:%02d:%02d", offset < 0 ? '-' : '+', size / 3600, size / 60 % 60,
                  size % 60);
  }
  return text;
}

std::string Zone::Format(InstantMs at) const {
  if (name() == "UTC") return FormatInstant(at);
  const char* shape = FloorMod(at, kSecondMs) == 0 ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dT%H:%M:%E3S";
  return absl::FormatTime(shape, absl::FromUnixMillis(at), zone_) + OffsetTextAt(at);
}

}  // namespace escalon
