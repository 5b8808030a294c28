//! The conveniences for tags, against a model of the service: whatever was there, whatever is wished and whatever fails,
//! in the end the wish is there and nothing else was touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use ims_api::tags::{ImageQuery, TagCall, TagCondition};
use ims_api::{Client, Failure, Retry};
use ims_tests::server::{Act, Request, Server};
use proptest::prelude::*;
use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Tags = BTreeMap<String, String>;

const IMAGE: &str = "67e17426-359e-49fb-aa12-0bd1756ec240";

proptest! {
    #![proptest_config(ProptestConfig { cases: ims_tests::cases(64), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_the_end_the_wish_is_there_and_nothing_else_was_touched(
        start in tags(), wish in tags(), failures in prop::collection::vec(0..4_u8, 0..6), keep in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let verdict = runtime.block_on(converge(start, wish, failures, keep));
        prop_assert!(verdict.is_ok(), "{:?}", verdict);
    }
}

async fn converge(start: Tags, wish: Tags, failures: Vec<u8>, keep: bool) -> Result<(), String> {
    let service = Service::start(start.clone(), failures.clone()).await.map_err(|error| error.to_string())?;
    let client = client(&service.server).map_err(|error| error.to_string())?;
    let mut ensure = client.ensure_tags(IMAGE, wish.clone());
    if keep {
        ensure = ensure.keep_others();
    }
    let mut wanted = wish.clone();
    if keep {
        for (key, value) in &start {
            wanted.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    // What may change at all, and the bound on calls that follows from it.
    let deletions = start.keys().filter(|key| !wanted.contains_key(*key)).count();
    let additions = wanted.iter().filter(|(key, value)| start.get(*key) != Some(*value)).count();
    let mut tries = 0;
    let mut done = 0;
    loop {
        tries += 1;
        match ensure.apply().await {
            Ok(report) => {
                done += report.done.len();
                break;
            }
            Err(failed) => done += failed.report.done.len(),
        }
        if tries > failures.len() + 1 {
            return Err(format!("still failing after {tries} tries"));
        }
    }
    let state = service.state();
    if state.tags != wanted {
        return Err(format!("{:?} is there, {wanted:?} was wished", state.tags));
    }
    let changed: BTreeSet<&String> =
        start.keys().chain(wanted.keys()).filter(|key| start.get(*key) != wanted.get(*key)).collect();
    if let Some(touched) = state.touched.iter().find(|key| !changed.contains(key)) {
        return Err(format!("{touched:?} was touched"));
    }
    let bound = deletions.div_ceil(10) + additions.div_ceil(10);
    if done > bound {
        return Err(format!("{done} calls did something, {bound} are enough"));
    }
    // Each try reads the tags once; a call that failed, or whose effect was there already, is the only one too many.
    let sent = service.server.requests().len();
    if sent > tries + bound + failures.len() {
        return Err(format!("{sent} requests in {tries} tries, where {bound} calls are enough"));
    }
    if failures.is_empty() && sent != 1 + bound {
        return Err(format!("{sent} requests without a failure, where {bound} calls are enough"));
    }
    if state.most > start.len().max(wanted.len()) {
        return Err(format!("{} tags at once", state.most));
    }
    service.recover();
    let again = ensure.plan().await.map_err(|error| error.to_string())?;
    if again.is_empty() { Ok(()) } else { Err(format!("a second plan is not empty:\n{again}")) }
}

#[tokio::test]
async fn the_plan_shows_what_would_be_done_and_sends_nothing() -> Outcome {
    let service = Service::start(map(&[("a", "1"), ("b", "2"), ("c", "3")]), Vec::new()).await?;
    let client = client(&service.server)?;
    let wish = client.ensure_tags(IMAGE, [("a", "1"), ("b", "new"), ("d", "")]);
    let plan = wish.plan().await?;
    assert_eq!(plan.to_string(), "- c=3\n+ b=new\n+ d=");
    let pairs = |pairs: &[(&str, &str)]| map(pairs).into_iter().collect();
    assert_eq!(plan.calls(), [TagCall::Delete(pairs(&[("c", "3")])), TagCall::Set(pairs(&[("b", "new"), ("d", "")]))]);
    assert_eq!(service.server.requests().len(), 1, "only the tags were read");
    assert_eq!(wish.apply().await?.done, plan.calls());
    assert_eq!(client.image_tags(IMAGE).await?, map(&[("a", "1"), ("b", "new"), ("d", "")]));
    assert!(wish.apply().await?.done.is_empty(), "there is nothing left to do");
    Ok(())
}

#[tokio::test]
async fn tags_of_earlier_times_are_deleted_one_by_one() -> Outcome {
    let long = "k".repeat(200);
    let service = Service::start(map(&[(&long, "v"), ("  ", "v"), ("ok", "v")]), Vec::new()).await?;
    let client = client(&service.server)?;
    let report = client.ensure_tags(IMAGE, Tags::new()).apply().await?;
    assert_eq!(report.done.iter().filter(|call| matches!(call, TagCall::DeleteOne(_))).count(), 2);
    assert!(service.state().tags.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_wish_that_no_request_carries_fails_before_anything_is_deleted() -> Outcome {
    let service = Service::start(map(&[("a", "1")]), Vec::new()).await?;
    let client = client(&service.server)?;
    let failed = client.ensure_tags(IMAGE, [("", "x")]).apply().await.err().ok_or("it was done")?;
    assert_eq!(failed.error.failure(), Failure::InvalidRequest);
    assert!(failed.to_string().contains("tag \"\""), "{failed}");
    assert!(service.server.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_answer_without_a_count_is_no_count() -> Outcome {
    let server = Server::start(|_| Act::Answer(200, "{}".to_owned())).await?;
    let error = ImageQuery::untagged().count(&client(&server)?).await.err().ok_or("something was counted")?;
    assert_eq!(error.failure(), ims_api::Failure::Decode, "{error}");
    assert!(error.was_sent() && error.to_string().contains("total_count"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_query_is_sent_as_it_was_asked() -> Outcome {
    let server = Server::start(|request| {
        let count = request.body["action"] == json!("count");
        let found = json!({"total_count": 1, "resources": [{"resource_id": "i"}]});
        Act::Answer(200, if count { json!({"total_count": 36}) } else { found }.to_string())
    })
    .await?;
    let client = client(&server)?;
    let query = ImageQuery::new()
        .all_of(TagCondition::one_of("stage", ["prod", "test"])?)?
        .any_of(TagCondition::any_value("team")?)?
        .not_all_of(TagCondition::one_of("old", [""])?)?
        .none_of(TagCondition::any_value("deprecated")?)?
        .name("ubuntu");
    assert_eq!(query.count(&client).await?, 36);
    let mut found = query.stream(&client);
    assert_eq!(found.next().await.ok_or("nothing")??.resource_id, "i");
    assert!(found.next().await.is_none());
    assert_eq!(ImageQuery::untagged().name("ubuntu").count(&client).await?, 36);
    let name = json!([{"key": "resource_name", "value": "ubuntu"}]);
    let asked = json!({
        "action": "count",
        "tags": [{"key": "stage", "values": ["prod", "test"]}],
        "tags_any": [{"key": "team", "values": []}],
        "not_tags": [{"key": "old", "values": [""]}],
        "not_tags_any": [{"key": "deprecated", "values": []}],
        "matches": name,
    });
    let sent: Vec<Value> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(sent[0], asked);
    assert_eq!(sent[1]["action"], json!("filter"));
    assert_eq!(sent[2], json!({"action": "count", "without_any_tag": true, "matches": name}));
    Ok(())
}

#[test]
fn a_query_that_the_service_would_refuse_cannot_be_made() -> Outcome {
    let refused = |outcome: Result<(), ims_api::tags::QueryError>| outcome.err().map(|error| error.to_string());
    let values: Vec<String> = (0..11).map(|at| at.to_string()).collect();
    for (outcome, reason) in [
        (TagCondition::one_of("k", &values).map(drop), "11 values, at most 10"),
        (TagCondition::one_of("k", &values[..0]).map(drop), "no value is given"),
        (TagCondition::one_of("k", ["v", "v"]).map(drop), "the value \"v\" is there twice"),
        (TagCondition::one_of("k", ["v".repeat(256)]).map(drop), "longer than 255"),
        (TagCondition::any_value("").map(drop), "shorter than 1"),
        (TagCondition::any_value(&"k".repeat(128)).map(drop), "longer than 127"),
    ] {
        let said = refused(outcome).ok_or(reason)?;
        assert!(said.contains(reason), "{said}");
    }
    assert!(TagCondition::one_of("k", &values[..10]).is_ok());
    let mut query = ImageQuery::new();
    for key in &values[..10] {
        query = query.all_of(TagCondition::any_value(key)?)?;
    }
    let said = refused(query.clone().all_of(TagCondition::any_value("one more")?).map(drop)).ok_or("eleven keys")?;
    assert!(said.contains("than the 10 that are allowed"), "{said}");
    let said = refused(query.clone().all_of(TagCondition::any_value("0")?).map(drop)).ok_or("a key twice")?;
    assert!(said.contains("the key \"0\" is there twice"), "{said}");
    query.none_of(TagCondition::any_value("0")?)?;
    Ok(())
}

/// A service that keeps the tags of one image and fails as told.
struct Service {
    server: Server,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Default)]
struct State {
    tags: Tags,
    /// The keys that any request named.
    touched: BTreeSet<String>,
    /// The most tags that were there at once.
    most: usize,
    /// What happens to the next requests: 0 a refusal, 1 a reset before and 2 after the effect, else nothing.
    failures: Vec<u8>,
}

impl Service {
    async fn start(tags: Tags, failures: Vec<u8>) -> std::io::Result<Self> {
        let state = Arc::new(Mutex::new(State { most: tags.len(), tags, failures, ..State::default() }));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| {
            let mut state = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match state.failures.pop() {
                Some(0) => Act::Answer(500, String::new()),
                Some(1) => Act::Reset,
                Some(2) => {
                    state.apply(request);
                    Act::Reset
                }
                _ => state.apply(request),
            }
        })
        .await?;
        Ok(Self { server, state })
    }

    fn recover(&self) {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).failures.clear();
    }

    fn state(&self) -> State {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

impl State {
    fn apply(&mut self, request: &Request) -> Act {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match (request.method.as_str(), request.segments().len()) {
            ("GET", _) => {
                let tags: Vec<Value> =
                    self.tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
                return Act::Answer(200, json!({"tags": tags}).to_string());
            }
            ("DELETE", 6) => {
                self.touched.insert(request.segments()[5].clone());
                if self.tags.remove(&request.segments()[5]).is_none() {
                    return Act::Answer(404, String::new());
                }
            }
            _ => {
                for tag in request.body["tags"].as_array().into_iter().flatten() {
                    self.touched.insert(text(&tag["key"]));
                    if request.body["action"] == json!("create") {
                        self.tags.insert(text(&tag["key"]), text(&tag["value"]));
                    } else {
                        self.tags.remove(&text(&tag["key"]));
                    }
                }
            }
        }
        self.most = self.most.max(self.tags.len());
        Act::Answer(204, String::new())
    }
}

/// Few keys and values, so that they often meet; odd ones among them.
fn tags() -> impl Strategy<Value = Tags> {
    let key = prop_oneof![(0..25_u8).prop_map(|at| format!("k{at}")), Just("a/b".to_owned()), Just("标签".to_owned())];
    prop::collection::btree_map(
        key,
        prop_oneof![Just(String::new()), Just("v".to_owned()), Just("w".to_owned())],
        0..22,
    )
}

fn map(tags: &[(&str, &str)]) -> Tags {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn client(server: &Server) -> Result<Client, ims_api::Error> {
    let builder = Client::builder().endpoint(server.endpoint()).token("t").project_id("p").retry(Retry::off());
    builder.build()
}
