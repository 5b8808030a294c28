//! The copy of the document that progenitor is handed: everything resolved, and nothing that only its own `send` needs
//! (bodies of errors), that forces foreign crates or engines on users (formats, patterns), or that it can't take (values
//! of several types or of one name, wrong defaults): the lint says that it is lost.
//!
//! Names, texts, diagnostics and locks are never made of this copy.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::document::{Additional, Document, Kind, Location, Media, Operation, Parameter, Schema, odd_value};
use crate::pattern;
use crate::validate::problems;

/// The copy.
///
/// # Errors
/// What of it isn't OpenAPI to progenitor's model.
pub(super) fn copy(document: &Document) -> serde_json::Result<openapiv3::OpenAPI> {
    let named =
        document.clashes().into_iter().filter_map(|clash| Some((clash.schema.pointer.as_str(), clash.instead?)));
    let copy = Copier { document, titles: named.collect() };
    let mut paths = Map::new();
    for operation in super::in_order(document) {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        item[operation.method] = copy.operation(operation);
    }
    // What may be null is said where a component is used: the component's own name is that of the type.
    let component = |(name, schema): (&String, &Schema)| (name.clone(), copy.written(schema, false));
    let schemas: Map<String, Value> = document.schemas.iter().map(component).collect();
    serde_json::from_value(json!({
        "openapi": "3.0.3",
        "info": {"title": document.title, "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }))
}

struct Copier<'a> {
    document: &'a Document,
    /// What schemas in place are called whose names are taken, by pointer.
    titles: HashMap<&'a str, String>,
}

impl Copier<'_> {
    fn operation(&self, operation: &Operation) -> Value {
        let parameters: Vec<Value> = operation.parameters.iter().map(|parameter| self.parameter(parameter)).collect();
        let mut copy = json!({"operationId": operation.names.snake, "parameters": parameters});
        if let Some(body) = &operation.body {
            copy["requestBody"] = json!({"required": true, "content": self.content(body.media(), false)});
        }
        let answer = operation.answer().and_then(|answer| answer.media());
        // One response an operation: its type is that of success.
        copy["responses"] = json!({"200": {"description": "", "content": self.content(answer, true)}});
        copy
    }

    /// A parameter named as in Rust, which can't be null.
    fn parameter(&self, parameter: &Parameter) -> Value {
        // A name in the path is found in the template.
        let in_path = parameter.location == Location::Path;
        json!({
            "name": if in_path { &parameter.name } else { &parameter.names.snake },
            "in": parameter.location.as_str(),
            "required": parameter.required || in_path,
            "schema": parameter.schema.as_ref().map_or_else(|| json!({}), |schema| self.written(alone(schema), false)),
        })
    }

    fn content(&self, media: Option<&Media>, may_be_null: bool) -> Value {
        let Some(media) = media else { return json!({}) };
        let media_type = if media.is_json() { "application/json" } else { &media.media_type };
        let written = |schema| if may_be_null { self.schema(schema) } else { self.written(alone(schema), false) };
        let schema = media.schema.as_ref().map_or_else(|| json!({}), written);
        json!({media_type: {"schema": schema}})
    }

    fn schema(&self, schema: &Schema) -> Value {
        let schema = alone(schema);
        let written = self.written(schema, schema.nullable);
        let means_null = || self.document.schema(schema).is_some_and(|meant| meant.nullable);
        if schema.reference.is_some() && means_null() { json!({"nullable": true, "allOf": [written]}) } else { written }
    }

    /// A schema without its title, which would name a type as another is named.
    fn written(&self, schema: &Schema, nullable: bool) -> Value {
        if let Some(reference) = &schema.reference {
            return json!({"$ref": format!("#{reference}")});
        }
        let mut copy = Map::new();
        let mut say = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                copy.insert(key.to_owned(), value);
            }
        };
        let kind = schema.kind.or(match schema {
            Schema { properties, .. } if !properties.is_empty() => Some(Kind::Object),
            Schema { items: Some(_), .. } => Some(Kind::List),
            _ => None,
        });
        say("title", self.titles.get(schema.pointer.as_str()).map(|title| title.as_str().into()));
        say("type", kind.map(|kind| kind.as_str().into()));
        let written = self.document.raw.pointer(&format!("{}/description", schema.pointer)).and_then(Value::as_str);
        let unsaid = if kind == Some(Kind::Text) { unsaid(schema) } else { String::new() };
        let described = written.is_some() || !unsaid.is_empty();
        say("description", described.then(|| [written.unwrap_or_default(), &unsaid].concat().trim().into()));
        say("nullable", nullable.then_some(true.into()));
        let values: Vec<Value> = schema.values.iter().flatten().filter(|value| !value.is_null()).cloned().collect();
        say("enum", (!values.is_empty() && odd_value(kind, &values).is_none()).then(|| values.into()));
        // Of an open enumeration any value is valid, but only a named one can be a default.
        let named = |default: &Value| schema.values.as_ref().is_none_or(|values| values.contains(default));
        let fits = |default: &&Value| named(default) && problems(self.document, schema, default).is_empty();
        say("default", schema.default.as_ref().filter(fits).cloned());
        if kind == Some(Kind::Text) {
            let portable = schema.pattern.as_ref().filter(|pattern| pattern::portable(pattern).is_ok());
            say("pattern", portable.map(|pattern| pattern.as_str().into()));
            // Every text is at least as long as nothing.
            say("minLength", schema.length.least.filter(|least| *least > 0).map(Into::into));
            say("maxLength", schema.length.most.map(Into::into));
        } else if matches!(kind, Some(Kind::Integer | Kind::Number)) {
            say("format", schema.format.clone().map(Into::into));
            let bound = |bound: Option<i128>| bound.and_then(serde_json::Number::from_i128).map(Value::from);
            say("minimum", bound(schema.bounds.least));
            say("maximum", bound(schema.bounds.most));
        } else if kind == Some(Kind::List) {
            say("items", schema.items.as_ref().map(|items| self.schema(items)));
        } else if kind == Some(Kind::Object) {
            let properties =
                schema.properties.iter().map(|property| (property.name.clone(), self.schema(&property.schema)));
            say("properties", Some(properties.collect::<Map<_, _>>().into()));
            let required = schema.properties.iter().filter(|property| property.required);
            say("required", Some(required.map(|property| property.name.as_str()).collect()));
            say(
                "additionalProperties",
                match &schema.additional {
                    Additional::Unsaid => None,
                    // Said in other words: only then does typify keep them.
                    Additional::Allowed(true) => Some(json!({})),
                    Additional::Allowed(false) => Some(false.into()),
                    Additional::Schema(of) => Some(self.schema(of)),
                },
            );
        }
        for (key, parts) in [("allOf", &schema.all_of), ("oneOf", &schema.one_of), ("anyOf", &schema.any_of)] {
            say(key, (!parts.is_empty()).then(|| parts.iter().map(|part| self.schema(part)).collect()));
        }
        // Of what consists of parts and may be null, progenitor gives the title to the option, which has no name.
        if copy.contains_key("title") && schema.parts().next().is_some() && copy.remove("nullable").is_some() {
            return json!({"nullable": true, "allOf": [copy]});
        }
        copy.into()
    }
}

/// The one part that a schema of alternatives without another word consists of.
fn alone(schema: &Schema) -> &Schema {
    let mut parts = schema.parts();
    match (parts.next(), parts.next()) {
        (Some(part), None) if schema.kind.is_none() && schema.properties.is_empty() && !schema.nullable => part,
        _ => schema,
    }
}

/// What the type doesn't say of a text.
fn unsaid(schema: &Schema) -> String {
    let format = schema.format.as_ref().map(|format| format!("\n\nFormat: `{format}`."));
    let pattern = schema.pattern.as_ref().filter(|pattern| pattern::portable(pattern).is_err());
    let pattern = pattern.map(|pattern| format!("\n\nPattern, which isn't checked here: `{pattern}`."));
    format.into_iter().chain(pattern).collect()
}
