#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"

namespace escalon::notification {

/// What a message says and to whom.
struct Letter {
  std::string_view message;  ///< its name in the intent
  std::string_view channel;
  std::vector<std::string> languages;  ///< of the reader, best first
  std::string_view timezone;           ///< of the reader; empty: UTC
  bool outside = false;                ///< to the requester's side: nothing of the inside
  CaseId case_id;
  Priority priority = Priority::kUnset;
  std::string_view why;
  const Case* c = nullptr;                   ///< null: its owner was not to be reached; then little is known
  std::map<std::string, std::string> links;  ///< acknowledge, view, confirm, reject, rate
  std::string_view text;                     ///< of a test page
};

struct Rendered {
  std::string subject;  ///< one line
  std::string text;
  std::string language;
};

/// Words by templates (templates.h): built in, overlaid by files of a folder, `<language>.yaml` with `name: {subject:
/// …, text: …}`. Values are put in as they are and never read as patterns; line breaks, control characters and
/// bidirectional overrides in them become blanks, so that no title can add a line or a header. One thread.
class Renderer {
 public:
  /// `folder` empty: only the built-in ones. Errors name the file, the template and what ICU says.
  static Result<std::unique_ptr<Renderer>> Create(const std::string& folder);
  ~Renderer();

  Rendered Render(const Letter& letter);
  /// Several in one: the subjects of the letters, a line each with its link, in the language of the first.
  Rendered RenderBundle(const std::vector<Letter>& letters);

 private:
  struct Impl;
  explicit Renderer(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

/// When the reader has to have acted: the step's wait, or what is promised next; 0: nothing runs.
InstantMs DueOf(const Case& c);

/// One line for people: what could break out of it becomes a blank; cut at `most` bytes between characters.
std::string OneLine(std::string_view text, size_t most = 300);

}  // namespace escalon::notification
