// QueryGateway's answers about what happened and why.
#include <algorithm>
#include <variant>

#include "common/core/digest.h"
#include "common/wire/events_codec.h"
#include "common/wire/timestamps.h"
#include "common/wire/utf8.h"
#include "services/intake/application/query_gateway.h"
#include "services/intake/history/event_words.h"

namespace escalon::intake {
namespace {

namespace cm = ::escalon::common::v1;
namespace qu = ::escalon::query::v1;

constexpr int kMostPage = 500;
constexpr int kDefaultPage = 200;

void PutLines(const std::vector<TraceLine>& lines, google::protobuf::RepeatedPtrField<cm::TraceLine>* out) {
  for (const TraceLine& line : lines) {
    cm::TraceLine& entry = *out->Add();
    wire::AssignUtf8(line.rule, entry.mutable_rule());
    wire::AssignUtf8(line.outcome, entry.mutable_outcome());
    for (const auto& [key, value] : line.saw) {
      cm::Entry& saw = *entry.add_saw();
      wire::AssignUtf8(key, saw.mutable_key());
      wire::AssignUtf8(value, saw.mutable_value());
    }
  }
}

void PutActor(const Actor& actor, cm::Actor* out) {
  out->set_tenant(actor.tenant);
  out->set_subject(actor.subject);
  for (const std::string& role : actor.roles) out->add_roles(role);
  out->set_kind(static_cast<cm::ActorKind>(actor.kind));
}

/// The sealed text of an event that people wrote, with the name under which it was sealed.
std::pair<std::string_view, const std::string*> TextOf(const Event& event) {
  if (const auto* note = std::get_if<NoteAdded>(&event)) return {wire::kNote, &note->sealed_text};
  if (const auto* resolved = std::get_if<Resolved>(&event)) return {wire::kSolution, &resolved->sealed_text};
  if (const auto* asked = std::get_if<ConsultationAsked>(&event)) return {wire::kQuestion, &asked->sealed_question};
  if (const auto* answered = std::get_if<ConsultationAnswered>(&event))
    return {wire::kAnswer, &answered->sealed_answer};
  if (const auto* eta = std::get_if<EtaChanged>(&event)) return {wire::kEta, &eta->sealed_text};
  if (const auto* major = std::get_if<MajorChanged>(&event)) return {wire::kMajor, &major->sealed_text};
  return {{}, nullptr};
}

void PutTexts(const Event& event, const wire::OpenField& open, qu::HistoryEntry* out) {
  const auto [field, sealed] = TextOf(event);
  if (sealed == nullptr || sealed->empty()) return;
  const Result<std::string> text = wire::OpenText(open, field, *sealed);
  wire::AssignUtf8(text.ok() ? *text : std::string("(erased or not to be opened)"), out->add_texts());
}

void PutChapter(const Chapter& chapter, const wire::OpenField& open, qu::HistoryEntry* out) {
  const EventBatch& batch = chapter.batch;
  out->set_version(chapter.version);
  wire::PutTime(batch.at, out->mutable_at());
  if (batch.occurred_at != 0) wire::PutTime(batch.occurred_at, out->mutable_occurred_at());
  PutActor(batch.actor, out->mutable_actor());
  wire::AssignUtf8(batch.command_id, out->mutable_command_id());
  out->set_outcome(static_cast<cm::OutcomeKind>(batch.outcome));
  for (const Event& event : batch.events) {
    wire::AssignUtf8(WordsOf(event), out->add_words());
    wire::ToProto(event, out->add_events());
    if (open) PutTexts(event, open, out);
  }
  if (chapter.chain) out->set_chain(ToHex(AsView(*chapter.chain)));
}

}  // namespace

void QueryGateway::GetHistory(const qu::GetHistoryRequest& request, const rpc::Caller& caller,
                              Reply<qu::GetHistoryResponse> reply) {
  if (request.page_size() < 0 || request.page_size() > kMostPage) {
    return reply(InvalidField("page_size", "must be 1 to " + std::to_string(kMostPage) + ", or 0 for the default"));
  }
  const size_t size = request.page_size() == 0 ? kDefaultPage : static_cast<size_t>(request.page_size());
  const std::string asked =
      "history\n" + caller.principal.tenant + "\n" + request.case_id() + "\n" + std::to_string(request.from_version());
  uint64_t from = request.from_version();
  if (!request.page_token().empty()) {
    const Result<PagePlace> place = parts_.tokens.Read(request.page_token(), asked);
    if (!place.ok()) return reply(place.error());
    from = static_cast<uint64_t>(place->a);
  }
  ReadChapters(request.case_id(), caller, [this, from, size, asked, reply = std::move(reply)](Result<Desk> desk) {
    if (!desk.ok()) return reply(desk.error());
    qu::GetHistoryResponse response;
    response.set_truncated(desk->truncated);
    const wire::OpenField open = desk->sight.personal ? parts_.personal.Opening(desk->c->tenant) : wire::OpenField{};
    for (const Chapter& chapter : desk->chapters) {
      if (chapter.version < from) continue;
      if (static_cast<size_t>(response.entries_size()) == size) {
        PagePlace next;
        next.mode = PagePlace::Mode::kHistory;
        next.a = static_cast<int64_t>(chapter.version);
        response.set_next_page_token(parts_.tokens.Make(next, asked));
        break;
      }
      PutChapter(chapter, open, response.add_entries());
    }
    reply(std::move(response));
  });
}

void QueryGateway::GetTrace(const qu::GetTraceRequest& request, const rpc::Caller& caller,
                            Reply<qu::GetTraceResponse> reply) {
  ReadChapters(request.case_id(), caller, [wanted = request.version(), reply = std::move(reply)](Result<Desk> desk) {
    if (!desk.ok()) return reply(desk.error());
    qu::GetTraceResponse response;
    for (const Chapter& chapter : desk->chapters) {
      if (chapter.batch.trace.empty() || (wanted != 0 && chapter.version != wanted)) continue;
      qu::Decision& decision = *response.add_decisions();
      decision.set_version(chapter.version);
      wire::PutTime(chapter.batch.at, decision.mutable_at());
      for (const Event& event : chapter.batch.events) decision.add_kinds(std::string(KindName(KindOf(event))));
      decision.set_policy(chapter.policy);
      PutLines(chapter.batch.trace, decision.mutable_lines());
    }
    reply(std::move(response));
  });
}

void QueryGateway::Explain(const qu::ExplainRequest& request, const rpc::Caller& caller,
                           Reply<qu::ExplainResponse> reply) {
  InstantMs around = 0;
  if (request.has_at() && !wire::TimeOf(request.at(), &around)) {
    return reply(InvalidField("at", "is no instant between 1970 and 2199; write it as 2030-04-23T16:00:00Z"));
  }
  ReadChapters(request.case_id(), caller,
               [person = request.person(), around, reply = std::move(reply)](Result<Desk> desk) {
                 if (!desk.ok()) return reply(desk.error());
                 qu::ExplainResponse response;
                 for (const Finding& finding : ExplainTelling(*desk->c, desk->chapters, person, around)) {
                   qu::Explanation& entry = *response.add_explanations();
                   wire::PutTime(finding.at, entry.mutable_at());
                   entry.set_version(finding.version);
                   wire::AssignUtf8(finding.person, entry.mutable_person());
                   wire::AssignUtf8(finding.words, entry.mutable_words());
                   PutLines(finding.lines, entry.mutable_lines());
                 }
                 reply(std::move(response));
               });
}

}  // namespace escalon::intake
